import type { ContractHint, ContractSuggestion } from '../domain/contractHelp.ts';
import { choicesAt, descriptionOf, knownKeys } from './contractKeys.ts';

/** Keys whose values are files of the workspace. */
const FILES = ['inputs', 'hidden', 'protected', 'train', 'test', 'varies', 'labels.file', 'final.hidden', 'python'];

/** What can be said at a place of a contract that may be half written.
 *  @param line from 1
 *  @param col from 1
 *  @param files the workspace's files, relative to its folder */
export function hintAt(text: string, line: number, col: number, files: readonly string[]): ContractHint {
  const lines = text.split(/\r?\n/);
  const whole = lines[line - 1] ?? '';
  const { path, typed, place } = cursorAt(lines, line, whole.slice(0, col - 1));
  const suggestions = place === 'key' ? keysFor(path, text) : valuesFor(path, files);
  return {
    suggestions: suggestions.filter(({ label }) => label.toLowerCase().includes(typed.toLowerCase())),
    replaces: { line, col: col - typed.length, endLine: line, endCol: col },
    hover: hoverAt(lines, line, col),
  };
}

interface Cursor {
  /** The keys above the cursor; with the key itself where a value is typed. */
  readonly path: readonly string[];
  readonly typed: string;
  readonly place: 'key' | 'value';
}

function cursorAt(lines: readonly string[], line: number, before: string): Cursor {
  const indent = /^\s*/.exec(before)?.[0].length ?? 0;
  const above = parents(lines, line, indent);
  const keyed = /^\s*(\w+):\s*(.*)$/.exec(before);
  if (keyed === null) {
    const item = /^\s*-\s+(.*)$/.exec(before);
    if (item) return { path: parents(lines, line, indent + 1), typed: item[1] ?? '', place: 'value' };
    return { path: above, typed: before.trim(), place: 'key' };
  }
  const [, key = '', value = ''] = keyed;
  const inner = /^\{(?:.*,)?\s*(?:(\w+):\s*)?(\S*)$/.exec(value);
  if (inner) {
    const [, innerKey, typed = ''] = inner;
    if (innerKey !== undefined) return { path: [...above, key, innerKey], typed, place: 'value' };
    return { path: [...above, key], typed, place: 'key' };
  }
  const typed = /^\[(?:.*,)?\s*(\S*)$/.exec(value)?.[1] ?? value;
  return { path: [...above, key], typed, place: 'value' };
}

/** Keys of the lines above that stand further left, the outermost first. */
function parents(lines: readonly string[], line: number, indent: number): string[] {
  const found: string[] = [];
  let left = indent;
  for (let at = line - 2; at >= 0 && left > 0; at -= 1) {
    const [, spaces = '', key] = /^(\s*)(\w+):/.exec(lines[at] ?? '') ?? [];
    if (key === undefined || spaces.length >= left) continue;
    found.unshift(key);
    left = spaces.length;
  }
  return found;
}

function keysFor(path: readonly string[], text: string): ContractSuggestion[] {
  const taken = (key: string): boolean => path.length === 0 && new RegExp(`^${key}:`, 'm').test(text);
  return knownKeys(path)
    .filter((key) => !taken(key))
    .map((key) => ({ label: key, insert: `${key}: `, description: descriptionOf([...path, key]) ?? '', kind: 'key' }));
}

function valuesFor(path: readonly string[], files: readonly string[]): ContractSuggestion[] {
  if (FILES.includes(path.join('.'))) {
    const insert = (file: string): string => (/^[\w./-]+$/.test(file) ? file : JSON.stringify(file));
    return files.map((file) => ({ label: file, insert: insert(file), description: '', kind: 'file' }));
  }
  const description = descriptionOf(path) ?? '';
  return choicesAt(path).map((value) => ({ label: value, insert: value, description, kind: 'value' }));
}

function hoverAt(lines: readonly string[], line: number, col: number): ContractHint['hover'] {
  const text = lines[line - 1] ?? '';
  for (const { 1: key = '', index } of text.matchAll(/(\w+):(?=\s|$)/g)) {
    if (col - 1 < index || col - 1 > index + key.length) continue;
    const { path } = cursorAt(lines, line, text.slice(0, index));
    const description = descriptionOf([...path, key]);
    return description === null ? null : { key: [...path, key].join('.'), description };
  }
  return null;
}
