import { isAbsolute, posix, relative, sep } from 'node:path';
import { CRASH, type Traceback, type TracebackFrame, tail, tracebacksOf } from '../traceback.ts';
import { classOf, type FailureClass } from './failureClass.ts';
import { blamedEdit } from './ownEdit.ts';
import { behindAssertion, behindRethrow, endless, linesWith, printedBy, unchecked, unseeded } from './sourceClues.ts';
import type { Place, Sources } from './sources.ts';

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
  const errors = tracebacksOf(failure.output).flatMap(chainOf);
  const [first = null] = errors;
  if (failure.exit === 'time-out') {
    const calls = errors.findLast(({ error }) => error === CRASH);
    const hung = calls === undefined ? null : placeIn(calls, failure.root, sources);
    return { class: 'time-out', place: hung ?? (await endless(sources)), errors };
  }
  if (first === null) return { errors, ...(await withoutTraceback(failure, sources)) };
  const failed = placeIn(first, failure.root, sources);
  const blamed = blamedEdit(failure.edit, first, failed);
  if (blamed !== null) return { class: 'its own edit', place: blamed, errors };
  const kind = classOf(first, failure.output);
  return { class: kind, place: await causeOf(kind, failed, sources), errors };
}

/** First causes come first. */
function chainOf(traceback: Traceback): Traceback[] {
  return [...(traceback.cause === null ? [] : chainOf(traceback.cause)), traceback];
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
    const parsing = (await linesWith(/\.parse_(?:known_)?args\(/, sources)).sort((one) =>
      one.file === script ? -1 : 1,
    );
    return { class: 'other', place: parsing[0] ?? null };
  }
  const kind = classOf(null, words);
  if (kind === 'non-determinism') return { class: kind, place: await unseeded(sources) };
  if (NOT_A_NUMBER.test(words)) return { class: 'data', place: await unchecked(sources) };
  return { class: kind, place: await printedBy(words.split('\n').at(-1) ?? '', sources) };
}

/** For messages: the frames of an error that lie in the workspace, outermost first. */
export function ownFrames({ frames }: Traceback, root: string, sources: Sources): TracebackFrame[] {
  return frames.flatMap((frame) => {
    const file = inWorkspace(frame.file, root);
    return file !== null && sources.files.includes(file) ? [{ ...frame, file }] : [];
  });
}
