import { readValueAt } from './nearlyJson.ts';
import { RESULT_HEADING } from './toolsInText.ts';

/** A call as a model wrote it; the arguments are JSON. */
export interface WrittenCall {
  readonly name: string;
  readonly arguments: string;
}

/** What an answer of words says and calls; or what in it cannot be read, for the model that wrote it. */
export type WrittenAnswer =
  | { readonly text: string; readonly calls: readonly WrittenCall[] }
  | { readonly wrong: string };

/** Reads the calls in an answer: fenced blocks, the tags that some models were taught, or an answer that is one JSON
 *  value. Thoughts before the answer are no part of it, nor is what follows a result that the model made up.
 *  @param tools names; a block of another kind (json, no kind) is a call only where it names one of them */
export function readCalls(answer: string, tools: readonly string[]): WrittenAnswer {
  const text = answer.slice(answer.indexOf('</think>') < 0 ? 0 : answer.indexOf('</think>') + '</think>'.length);
  if (/^\s*<think>/.test(text)) return { wrong: 'it ends in the middle of its thoughts' };
  const scan: Scan = { text, tools, calls: [], said: '', at: 0 };
  try {
    if (/^\s*[{[]/.test(text) && namesCall(text)) takeBlock(scan, false);
    for (let next = opening(scan); next !== null; next = opening(scan)) {
      scan.said += text.slice(scan.at, next.index);
      scan.at = next.index + next[0].length;
      if (next[0].includes(RESULT_HEADING) && scan.calls.length > 0)
        return { text: scan.said.trim(), calls: scan.calls };
      takeOpened(scan, next);
    }
  } catch (error) {
    if (error instanceof Unreadable) return { wrong: error.message };
    throw error;
  }
  return { text: (scan.said + text.slice(scan.at)).trim(), calls: scan.calls };
}

class Unreadable extends Error {}

interface Scan {
  readonly text: string;
  readonly tools: readonly string[];
  readonly calls: WrittenCall[];
  /** What stands outside of calls, up to `at`. */
  said: string;
  at: number;
}

const OPENING = new RegExp(`^[ \\t]*(?:\`\`\`[ \\t]*([\\w+-]*)[^\\n]*(?:\\n|$)|(<tool_call>)|${RESULT_HEADING})`, 'gm');
const FENCE_END = /^[ \t]*```[ \t]*$/gm;
/** Never the fence that opens the next block, where a model forgot to close this one. */
const BLOCK_END = /\s*(?:```(?!\w)|<\/tool_call>)/y;
const CALL_KINDS = ['tool', 'tools', 'tool_call', 'tool_calls', 'tool_code'];

function opening({ text, at }: Scan): RegExpExecArray | null {
  OPENING.lastIndex = at;
  return OPENING.exec(text);
}

function takeOpened(scan: Scan, [whole, kind = '', tag]: RegExpExecArray): void {
  const is = tag !== undefined || CALL_KINDS.includes(kind.toLowerCase());
  const may = whole.includes('```') && ['', 'json'].includes(kind.toLowerCase());
  if (is || (may && isCall(scan))) {
    takeBlock(scan, true);
    return;
  }
  const end = whole.includes('```') ? closing(scan) : scan.at;
  scan.said += whole + scan.text.slice(scan.at, end);
  scan.at = end;
}

/** A block that shows something is no call; one that begins as a call and cannot be read is a broken one. */
function isCall({ text, tools, at }: Scan): boolean {
  if (!/^\s*[{[]/.test(text.slice(at))) return false;
  const read = readValueAt(text, at);
  if ('wrong' in read) return namesCall(text.slice(at));
  const values = Array.isArray(read.value) ? read.value : [read.value];
  return values.length > 0 && values.every((value) => tools.includes(nameIn(value) ?? ''));
}

/** The beginning of a call, with the tool named first. */
function namesCall(text: string): boolean {
  return /^\s*\[?\s*\{\s*["'](?:tool|name)["']\s*:/.test(text);
}

function closing({ text, at }: Scan): number {
  FENCE_END.lastIndex = at;
  const end = FENCE_END.exec(text);
  return end ? end.index + end[0].length : text.length;
}

/** Takes the calls that stand at `at` and the end of their block: several objects in a row are several calls, since
 *  each names its tool. */
function takeBlock(scan: Scan, fenced: boolean): void {
  const { text } = scan;
  for (let more = true; more; more = skips(scan, /[\s,]*(?=\{)/y)) {
    const read = readValueAt(text, scan.at);
    if ('wrong' in read) throw new Unreadable(`${place(scan)} is no valid JSON: ${read.wrong}`);
    const values = Array.isArray(read.value) ? read.value : [read.value];
    for (const value of values) scan.calls.push(callIn(value, scan));
    scan.at = read.end;
  }
  if (fenced && skips(scan, BLOCK_END)) return;
  if (!/^[ \t]*(?:\r?\n|$)/.test(text.slice(scan.at))) {
    throw new Unreadable(`${place(scan, -1)} has "${text.slice(scan.at, scan.at + 20).trim()}" after its JSON object`);
  }
}

/** Moves on over what is there; false where it is not. */
function skips(scan: Scan, pattern: RegExp): boolean {
  pattern.lastIndex = scan.at;
  const found = pattern.exec(scan.text);
  if (found) scan.at += found[0].length;
  return found !== null;
}

function callIn(value: unknown, scan: Scan): WrittenCall {
  const name = nameIn(value);
  if (name === null) throw new Unreadable(`${place(scan)} names no tool: {"tool": "NAME", "arguments": {…}}`);
  const given = value as Record<string, unknown>;
  const args = given.arguments ?? given.parameters;
  if (typeof args === 'string') return { name, arguments: args };
  if (typeof args === 'object' && args !== null && !Array.isArray(args))
    return { name, arguments: JSON.stringify(args) };
  if (args === undefined && Object.keys(given).length === 1) return { name, arguments: '{}' };
  throw new Unreadable(
    `${place(scan)}, of ${name}, needs its "arguments" as an object: {"tool": "${name}", "arguments": {…}}`,
  );
}

function nameIn(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null;
  if ('tool' in value) return typeof value.tool === 'string' ? value.tool : null;
  return 'name' in value && typeof value.name === 'string' ? value.name : null;
}

/** The call that is being read, counted from 1. */
function place({ calls }: Scan, before = 0): string {
  return `Call ${calls.length + 1 + before}`;
}
