import { isAbsolute, posix, relative, sep } from 'node:path';
import { CRASH, type Traceback, type TracebackFrame, tail, tracebacksOf } from '../traceback.ts';
import { classOf, type FailureClass } from './failureClass.ts';
import { blamedEdit, changedFunctions } from './ownEdit.ts';
import {
  behindAssertion,
  behindRethrow,
  endless,
  firstWarning,
  linesWith,
  printedBy,
  unchecked,
  unseeded,
  workerAt,
} from './sourceClues.ts';
import { headAbove, type Place, type Sources } from './sources.ts';

export interface Failure {
  /** Both streams, as the run printed them. */
  readonly output: string;
  readonly argv: readonly string[];
  /** The code, or how else it ended; null where it was killed. */
  readonly exit: number | 'time-out' | null;
  /** Where the run's files lay, absolute. */
  readonly root: string;
  /** The last edit before it failed, as a unified diff; '' where there was none. */
  readonly edit: string;
}

/** What a repair starts from. */
export interface EvidencePack {
  readonly class: FailureClass;
  /** The line of the workspace where it goes wrong; null where nothing tells. */
  readonly place: Place | null;
  /** The same errors, first cause first; empty where no traceback was printed. */
  readonly errors: readonly Traceback[];
}

/** Names what went wrong and where, from what a failed or sick run printed and from the sources it ran. A guess from the
 *  sources alone (a hang, a loss that is NaN) names the likeliest line. */
export async function evidencePack(failure: Failure, sources: Sources): Promise<EvidencePack> {
  const errors = await chainOf(fatal(tracebacksOf(failure.output)), failure.root, sources);
  const [first = null] = errors;
  if (failure.exit === 'time-out') {
    const hung = first?.error === CRASH ? placeIn(first, failure.root, sources) : null;
    return { class: 'time-out', place: hung ?? (await endless(sources)), errors };
  }
  if (first === null) return { errors, ...(await withoutTraceback(failure, sources)) };
  const failed = placeIn(first, failure.root, sources);
  const blamed = blamedEdit(failure.edit, first, failed) ?? (await blamedCall(failure, first, sources));
  if (blamed !== null) return { class: 'its own edit', place: blamed, errors };
  const warned = NOT_A_NUMBER.test(first.message) ? firstWarning(failure.output) : null;
  const where = warned === null ? null : inWorkspace(warned.file, failure.root);
  if (warned !== null && where !== null && sources.files.includes(where)) {
    return { class: warned.overflow ? 'dtype' : 'data', place: { file: where, line: warned.line }, errors };
  }
  const kind = await kindOf(first, failed, sources);
  return { class: kind, place: await causeOf(kind, failed, sources), errors };
}

/** Errors that only tell of another process's end. */
const RELAYED = /(?:^|\.)(?:CalledProcessError|BrokenProcessPool|ChildFailedError|ProcessRaisedException|SystemExit)$/;

/** The traceback that a run died of: the last, as those before it were handled, unless it only tells of another's. */
function fatal(found: readonly Traceback[]): Traceback | null {
  const crash = found.findLast(({ error }) => error === CRASH);
  if (crash !== undefined) return crash;
  const last = found.findLast(({ error }) => !RELAYED.test(error)) ?? found.at(-1) ?? null;
  return last !== null && LACKING.test(`${last.error}: ${last.message}`) ? (repeated(found) ?? last) : last;
}

/** What is left where every row or file was skipped with a logged error. */
const LACKING = /^ZeroDivisionError|empty|zero-size|list index out of range/;

/** The first of at least two tracebacks that came from one line. */
function repeated(found: readonly Traceback[]): Traceback | null {
  const key = ({ frames }: Traceback): string => `${frames.at(-1)?.file}:${frames.at(-1)?.line}`;
  return found.find((one, i) => found.some((other, j) => j > i && key(other) === key(one))) ?? null;
}

/** First causes come first. An error that came up in the handler of another one, which went on another way, has left
 *  that one behind; in a `finally`, or raised anew, it only follows from it. */
async function chainOf(last: Traceback | null, root: string, sources: Sources): Promise<Traceback[]> {
  if (last === null) return [];
  const isOwn = last.during === true && (await wentOn(last, root, sources));
  return [...(isOwn ? [] : await chainOf(last.cause, root, sources)), last];
}

async function wentOn(error: Traceback, root: string, sources: Sources): Promise<boolean> {
  for (const { file, line } of ownFrames(error, root, sources)) {
    const lines = await sources.lines(file);
    const handler = headAbove(lines, line, /^\s*(?:except|finally)\b/);
    if (handler === null) continue;
    return /^\s*except\b/.test(lines[handler - 1] ?? '') && !/^\s*raise\b/.test(lines[line - 1] ?? '');
  }
  // Nothing of it stands in a handler: the handler had ended.
  return true;
}

const SEARCH = /glob\(|listdir\(|iterdir\(|scandir\(/;

async function kindOf(error: Traceback, failed: Place | null, sources: Sources): Promise<FailureClass> {
  const line = failed === null ? '' : ((await sources.lines(failed.file))[failed.line - 1] ?? '');
  if (/^(?:IndexError|StopIteration|ValueError)$/.test(error.error) && SEARCH.test(line)) return 'path';
  return classOf(error, '');
}

/** The innermost frame that is a file of the workspace. */
function placeIn({ frames }: Traceback, root: string, sources: Sources): Place | null {
  for (const { file, line } of [...frames].reverse()) {
    const own = inWorkspace(file, root);
    if (own !== null && sources.files.includes(own)) return { file: own, line };
  }
  return null;
}

function inWorkspace(file: string, root: string): string | null {
  const path = isAbsolute(file) ? relative(root, file).split(sep).join('/') : posix.normalize(file);
  return path.startsWith('../') ? null : path;
}

async function causeOf(kind: FailureClass, failed: Place | null, sources: Sources): Promise<Place | null> {
  if (kind === 'non-determinism') return (await unseeded(sources)) ?? failed;
  if (failed === null) return null;
  if (kind === 'memory') return (await workerAt(failed, sources)) ?? failed;
  return (await behindAssertion(failed, sources)) ?? (await behindRethrow(failed, kind, sources)) ?? failed;
}

const NOT_A_NUMBER = /(?:^|[\s:=])(?:nan|-?inf)\b/im;
const LAST_WORDS = 400;

async function withoutTraceback(
  { output, argv }: Failure,
  sources: Sources,
): Promise<Pick<EvidencePack, 'class' | 'place'>> {
  const words = tail(output, LAST_WORDS).trim();
  if (/^usage: /m.test(words) && /: error: /.test(words)) {
    const script = argv.find((word) => word.endsWith('.py'));
    const parsing = await linesWith(/\.parse_(?:known_)?args\(/, sources);
    return { class: 'other', place: parsing.find(({ file }) => file === script) ?? parsing[0] ?? null };
  }
  const kind = classOf(null, words);
  if (kind === 'non-determinism') return { class: kind, place: await unseeded(sources) };
  if (NOT_A_NUMBER.test(words)) return { class: 'data', place: await unchecked(sources) };
  return { class: kind, place: await printedBy(words.split('\n').at(-1) ?? '', sources) };
}

/** A change of what a function gives breaks those that call it: the edit's return, where a line of the calls uses it. */
async function blamedCall(failure: Failure, error: Traceback, sources: Sources): Promise<Place | null> {
  if (!/^(?:TypeError|AttributeError|ValueError)$/.test(error.error)) return null;
  for (const { name, place } of await changedFunctions(failure.edit, sources)) {
    for (const { file, line } of ownFrames(error, failure.root, sources)) {
      const text = (await sources.lines(file))[line - 1] ?? '';
      if (new RegExp(`\\b${name}\\(`).test(text) && !/^\s*def\b/.test(text)) return place;
    }
  }
  return null;
}

/** For messages: the frames of an error that lie in the workspace, outermost first. */
export function ownFrames({ frames }: Traceback, root: string, sources: Sources): TracebackFrame[] {
  return frames.flatMap((frame) => {
    const file = inWorkspace(frame.file, root);
    return file !== null && sources.files.includes(file) ? [{ ...frame, file }] : [];
  });
}
