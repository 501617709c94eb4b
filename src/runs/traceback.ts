/** One step of a Python traceback, outermost call first. */
export interface TracebackFrame {
  file: string;
  line: number;
  /** '' for a place that is no call, such as a syntax error. */
  function: string;
  /** The line's text; '' where Python did not show it. */
  text: string;
}

export interface Traceback {
  /** Name of the exception, with its module: `ValueError`, `torch.cuda.OutOfMemoryError`. */
  error: string;
  message: string;
  frames: TracebackFrame[];
  /** The exception that led to this one, where Python shows a chain. */
  cause: Traceback | null;
  /** Whether this one came up while the cause was handled, and was not raised from it. */
  during?: true;
}

const BEGIN = /Traceback \(most recent call last\):\s*$/;
const FRAME = /^\s*File "(.+?)", line (\d+)(?:, in (.+))?\s*$/;
const ERROR = /^([A-Za-z_][\w.]*)(?::\s?(.*))?$/;
const CHAINED = /^(During handling of the above exception|The above exception was the direct cause)/;
const DURING = /^During handling/;
/** What Python says of an error that it drops, in a destructor say: the run goes on, so it is not what a run died of. */
const DROPPED = /^Exception ignored in/;
const GROUP = /(?:^|\.)(?:Base)?ExceptionGroup$/;
const MESSAGE_LINES = 20;

/** The last Python traceback that a run printed, with the chain that led to it; null where there is none. */
export function tracebackOf(output: string): Traceback | null {
  return tracebacksOf(output).at(-1) ?? null;
}

/** Every traceback that a run printed, in order, each with the chain that led to it: of worker processes, of exception
 *  groups (the first of a group is its cause), of crashes below Python that faulthandler shows. */
export function tracebacksOf(output: string): Traceback[] {
  const lines = output.split(/\r?\n/).map(lastWritten).map(bare);
  const found: Traceback[] = [];
  let told: Told = {};
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? '';
    told = toldBy(line.trim(), told);
    const crash = crashAt(lines, i);
    if (crash) found.push(crash);
    if (!BEGIN.test(line) && !isSyntaxError(lines, i)) continue;
    const { traceback, next } = readOne(lines, BEGIN.test(line) ? i + 1 : i);
    if (!traceback) continue;
    if (!told.dropped) addTo(found, traceback, told.chained ?? null);
    told = {};
    i = next - 1;
  }
  return found;
}

/** What was said between two tracebacks of how they belong together. */
interface Told {
  readonly chained?: 'from' | 'during';
  readonly dropped?: true;
}

function toldBy(line: string, before: Told): Told {
  if (CHAINED.test(line)) return { ...before, chained: DURING.test(line) ? 'during' : 'from' };
  return DROPPED.test(line) ? { ...before, dropped: true } : before;
}

function addTo(found: Traceback[], traceback: Traceback, chained: 'from' | 'during' | null): void {
  const before = found.at(-1);
  if (before !== undefined && GROUP.test(before.error) && before.cause === null && chained === null) {
    found[found.length - 1] = { ...before, cause: traceback };
    return;
  }
  // A worker's traceback is printed within the one that it leads to; the chain says so afterwards.
  const cause = chained === null ? null : (found.pop() ?? null);
  found.push({ ...traceback, cause, ...(chained === 'during' && cause !== null && { during: true }) });
}

/** A line without colours and without the rulers that an exception group is printed with. */
function bare(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escapes of colours are control characters.
  const plain = line.replace(/\u001b\[[0-9;]*[A-Za-z]/g, '');
  return /^\s*\+-[-+ \d.]*-$/.test(plain) ? '' : plain.replace(/^\s*[|+](?: |$)/, '');
}

/** Name of what faulthandler prints, in the place of an exception's. */
export const CRASH = 'Fatal Python error';
const CRASH_HEAD = /^Fatal Python error: (.+)$|^(Timeout) \([\d:.]+\)!$/;
const THREAD = /^(?:Current thread|Thread) 0x[0-9a-f]+.*\(most recent call first\):$/;
const CRASH_FRAME = /^\s+File "(.+?)", line (\d+) in (.+)$/;

/** What faulthandler prints of a crash: the innermost call comes first, and the thread that crashed. */
function crashAt(lines: readonly string[], at: number): Traceback | null {
  const head = CRASH_HEAD.exec(lines[at] ?? '');
  if (head === null) return null;
  const start = lines.findIndex((line, i) => i > at && i < at + 8 && THREAD.test(line));
  if (start < 0) return null;
  const frames: TracebackFrame[] = [];
  for (const line of lines.slice(start + 1)) {
    const frame = CRASH_FRAME.exec(line);
    if (frame === null) break;
    frames.unshift({ file: frame[1] ?? '', line: Number(frame[2]), function: frame[3] ?? '', text: '' });
  }
  const message = head[1] ?? head[2] ?? '';
  return frames.length === 0 ? null : { error: CRASH, message, frames, cause: null };
}

/** The end of an output, from the start of a line, saying what was left out; at most `maxChars` and that note. */
export function tail(output: string, maxChars: number): string {
  const text = asShown(output);
  if (text.length <= maxChars) return text;
  const cut = text.slice(text.length - maxChars);
  const firstBreak = cut.indexOf('\n');
  const kept = firstBreak >= 0 && firstBreak < cut.length - 1 ? cut.slice(firstBreak + 1) : cut;
  return `[… ${text.length - kept.length} earlier characters]\n${kept}`;
}

/** What a terminal shows of an output: of a progress bar, where it stands now. */
export function asShown(output: string): string {
  return output.split('\n').map(lastWritten).join('\n');
}

/** What stands on a line after a progress bar has written over it. */
function lastWritten(line: string): string {
  const ended = line.endsWith('\r') ? line.slice(0, -1) : line;
  return ended.slice(ended.lastIndexOf('\r') + 1);
}

/** A syntax error in the script itself is printed without the heading. */
function isSyntaxError(lines: readonly string[], i: number): boolean {
  if (!FRAME.test(lines[i] ?? '') || FRAME.exec(lines[i] ?? '')?.[3]) return false;
  return lines.slice(i + 1, i + 4).some((line) => /^(SyntaxError|IndentationError|TabError):/.test(line));
}

function readOne(lines: readonly string[], start: number): { traceback: Traceback | null; next: number } {
  const indent = /^\s*/.exec(lines[start] ?? '')?.[0].length ?? 0;
  const frames: TracebackFrame[] = [];
  for (let i = start; i < lines.length; i++) {
    const line = lines[i] ?? '';
    const frame = FRAME.exec(line);
    if (frame) {
      frames.push(toFrame(frame, lines[i + 1] ?? ''));
      continue;
    }
    const error = isDeeper(line, indent) ? null : ERROR.exec(line.trim());
    if (error && frames.length > 0) return withMessage(lines, i, error, frames);
    if (line.trim() !== '' && !isDeeper(line, indent) && frames.length === 0) break;
  }
  return { traceback: null, next: start + 1 };
}

function toFrame([, file = '', line, name = '']: RegExpExecArray, shown: string): TracebackFrame {
  const text = shown.startsWith(' ') && !FRAME.test(shown) ? shown.trim() : '';
  return { file, line: Number(line), function: name, text };
}

function withMessage(lines: readonly string[], at: number, found: RegExpExecArray, frames: TracebackFrame[]) {
  const [, error = '', first = ''] = found;
  const message = [first];
  let next = at + 1;
  // A message may go on over several lines; it ends at an empty one, or where something else begins.
  for (; next < lines.length && message.length < MESSAGE_LINES; next++) {
    const line = lines[next] ?? '';
    if (line.trim() === '' || line === '"""' || BEGIN.test(line) || CHAINED.test(line)) break;
    message.push(line);
  }
  return { traceback: { error, message: message.join('\n').trim(), frames, cause: null }, next };
}

function isDeeper(line: string, indent: number): boolean {
  return line.startsWith(' '.repeat(Math.max(indent, 1)));
}
