import type { Traceback } from '../traceback.ts';
import { headAbove, type Place, type Sources } from './sources.ts';

/** Errors that a change of names makes. */
const BY_NAMES = /^(?:NameError|UnboundLocalError|TypeError|AttributeError|ImportError|SyntaxError|IndentationError)$/;

interface ChangedLine extends Place {
  readonly text: string;
  readonly added: boolean;
}

/** Where the last edit is to blame: the error speaks of a name, and the edit changed a line with that name, or the line
 *  that failed.
 *  @param diff unified; '' where there was no edit */
export function blamedEdit(diff: string, { error, message }: Traceback, failed: Place | null): Place | null {
  if (!BY_NAMES.test(error)) return null;
  const changed = changedLines(diff);
  const names = [...message.matchAll(/'([A-Za-z_]\w*)'/g)].map(([, name]) => name ?? '');
  const speaks = changed.find(({ text }) => names.some((name) => new RegExp(`\\b${name}\\b`).test(text)));
  if (speaks !== undefined) return { file: speaks.file, line: speaks.line };
  const same = changed.find(({ file, line, added }) => added && file === failed?.file && line === failed.line);
  return same === undefined ? null : { file: same.file, line: same.line };
}

/** Functions whose return the last edit changed, each with that line. */
export async function changedFunctions(diff: string, sources: Sources): Promise<{ name: string; place: Place }[]> {
  const found: { name: string; place: Place }[] = [];
  for (const { file, line, text, added } of changedLines(diff)) {
    if (!added || !/^\s*(?:return|yield)\b/.test(text)) continue;
    const lines = await sources.lines(file);
    const head = headAbove(lines, line, /^\s*(?:async\s+)?def\s/);
    const name = /def\s+(\w+)/.exec(lines[(head ?? 0) - 1] ?? '')?.[1];
    if (name !== undefined) found.push({ name, place: { file, line } });
  }
  return found;
}

/** Removed lines stand at the line that took their place. */
function changedLines(diff: string): ChangedLine[] {
  const found: ChangedLine[] = [];
  let file = '';
  let line = 0;
  for (const text of diff.split('\n')) {
    const path = /^\+\+\+ (?:b\/)?(.+?)\s*$/.exec(text)?.[1];
    const start = /^@@ -\d+(?:,\d+)? \+(\d+)/.exec(text)?.[1];
    if (path !== undefined) file = path;
    else if (start !== undefined) line = Number(start);
    else if (text.startsWith('--- ')) continue;
    else if (text.startsWith('-')) found.push({ file, line, text: text.slice(1), added: false });
    else if (text.startsWith('+')) {
      found.push({ file, line, text: text.slice(1), added: true });
      line += 1;
    } else line += 1;
  }
  return found;
}
