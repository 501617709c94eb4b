import * as vscode from 'vscode';
import type { Surface } from '../surface.ts';
import type { Decision } from './decisions.ts';
import type { HunkPlace } from './hunkPlaces.ts';
import { hunkAtCursor, hunksMeant } from './hunkSubject.ts';
import type { Reviewing } from './reviewing.ts';

/** Accepts, rejects or opens hunks again; from the keyboard, the cursor then goes on to the next one that is open. */
export async function decideHunks(
  surface: Surface,
  decision: Decision,
  subject: unknown,
  rest: readonly unknown[],
): Promise<void> {
  const reviewing = await reviewingOf(surface);
  const isByKeyboard = subject === undefined;
  await reviewing.review.decide(hunksMeant(reviewing, subject, rest), decision);
  if (isByKeyboard && decision !== 'open' && reviewing.review.tally().open.length > 0) await goTo(reviewing, 1, 'open');
}

/** The same for all hunks of the files that they are in. */
export async function decideFiles(
  surface: Surface,
  decision: Decision,
  subject: unknown,
  rest: readonly unknown[],
): Promise<void> {
  const reviewing = await reviewingOf(surface);
  const { review } = reviewing;
  const meant = new Set(hunksMeant(reviewing, subject, rest));
  const files = review.required.changes.files.filter(({ hunks }) => hunks.some(({ id }) => meant.has(id)));
  await review.decide(review.tallyOf(files).all, decision);
}

export async function decideAll(surface: Surface, decision: Decision): Promise<void> {
  const { review } = await reviewingOf(surface);
  const { all, open } = review.tally();
  // What was decided one by one stays so.
  await review.decide(open.length > 0 ? open : all, decision);
}

export async function undoDecision(surface: Surface): Promise<void> {
  await (await reviewingOf(surface)).review.undo();
}

export async function nextHunk(surface: Surface, step: 1 | -1): Promise<void> {
  await goTo(await reviewingOf(surface), step, 'any');
}

/** Opens the proposal at the first of some hunks. */
export async function openHunk(surface: Surface, subject: unknown, rest: readonly unknown[]): Promise<void> {
  const reviewing = await reviewingOf(surface);
  const [first] = hunksMeant(reviewing, subject, rest);
  const place = reviewing.review.places.find(({ id }) => id === first);
  if (place) await reveal(reviewing, place);
}

/** The user's own file beside what is proposed for it. */
export async function compareHunk(surface: Surface, subject: unknown, rest: readonly unknown[]): Promise<void> {
  const reviewing = await reviewingOf(surface);
  const { review, files } = reviewing;
  const [first] = hunksMeant(reviewing, subject, rest);
  const place = review.places.find(({ id }) => id === first);
  if (!place) return;
  const { session } = review.required;
  const own = vscode.Uri.joinPath(session.connection.folder.uri, place.path);
  const proposal = files.uriOf(session, review.changesId, place.path, 'proposal');
  await vscode.commands.executeCommand('vscode.diff', own, proposal, `${place.path} (yours and the proposal)`);
}

export async function commentOnHunk(surface: Surface, subject: unknown, rest: readonly unknown[]): Promise<void> {
  const reviewing = await reviewingOf(surface);
  const [first] = hunksMeant(reviewing, subject, rest);
  const place = reviewing.review.places.find(({ id }) => id === first);
  if (place) reviewing.comments.begin((await reveal(reviewing, place)).document, place);
}

export async function sendComment(surface: Surface, reply: unknown): Promise<void> {
  await (await reviewingOf(surface)).comments.send(reply as vscode.CommentReply);
}

/** Answers the question that the changes wait at. Where some hunks were accepted and others not looked at, it asks which
 *  are meant. */
export async function finishReview(surface: Surface): Promise<void> {
  const { review } = await reviewingOf(surface);
  const { open, accepted, all, rejected } = review.tally();
  if (open.length === 0 || accepted.length === 0) return review.finish('not rejected');
  const kept = all.length - rejected.length;
  const choices = [
    { label: `Take ${kept} hunks`, description: 'those that you accepted and those still open', which: 'not rejected' },
    { label: `Take only the ${accepted.length} that you accepted`, which: 'accepted' },
  ] as const;
  const placeHolder = `${open.length} of ${all.length} hunks are not decided yet. Which shall be taken?`;
  const picked = await vscode.window.showQuickPick(choices, { placeHolder });
  if (picked) await review.finish(picked.which);
}

/** Sends the changes back with words that say what should be different.
 *  @param box where the words may stand already: the input of the Source Control view */
export async function askForChanges(surface: Surface, box: unknown): Promise<void> {
  const { review, comments } = await reviewingOf(surface);
  const { session, gate } = review.required;
  const input = box as { value?: unknown } | undefined;
  const written = typeof input?.value === 'string' ? input.value.trim() : '';
  const comment = written || (await askFor(comments.hasComments));
  if (!comment) return;
  if (gate.kind === 'adopt') return session.say(comment);
  await session.answer(gate.id, { choice: 'revise', comment });
  if (input) input.value = '';
}

async function askFor(hasComments: boolean): Promise<string | undefined> {
  const words = await vscode.window.showInputBox({
    title: 'Ask for Other Changes',
    prompt: 'What should be different?',
    ...(hasComments && { value: 'See my comments on the hunks.' }),
  });
  return words?.trim();
}

async function reviewingOf(surface: Surface): Promise<Reviewing> {
  await surface.showNewest();
  await surface.reviewing.review.settled;
  return surface.reviewing;
}

/** From the cursor to the hunk after or before it, round the end. */
async function goTo(reviewing: Reviewing, step: 1 | -1, which: 'open' | 'any'): Promise<void> {
  const { required: _, places } = reviewing.review;
  const wanted = which === 'open' ? places.filter(({ decision }) => decision === 'open') : places;
  const here = hunkAtCursor(reviewing)?.nth ?? nthBeside(places, step);
  const ordered = step === 1 ? wanted : [...wanted].reverse();
  const next = ordered.find(({ nth }) => (nth - here) * step > 0) ?? ordered[0];
  if (next) await reveal(reviewing, next);
}

/** Between which hunks the cursor stands; 0, or one more than the last, outside of all proposals. */
function nthBeside(places: readonly HunkPlace[], step: 1 | -1): number {
  const editor = vscode.window.activeTextEditor;
  const path = editor?.document.uri.scheme === 'mlr' ? editor.document.uri.path.slice(1) : null;
  const inFile = places.filter((place) => place.path === path);
  const line = editor?.selection.active.line ?? 0;
  if (inFile.length === 0) return step === 1 ? 0 : places.length + 1;
  const before = inFile.findLast((place) => place.from <= line)?.nth ?? (inFile[0]?.nth ?? 1) - 1;
  return before + 0.5;
}

async function reveal({ review, files }: Reviewing, place: HunkPlace): Promise<vscode.TextEditor> {
  const { session } = review.required;
  const uri = files.uriOf(session, review.changesId, place.path, 'proposal');
  const selection = new vscode.Range(place.line, 0, place.line, 0);
  const editor = await vscode.window.showTextDocument(uri, { selection, preview: true });
  editor.revealRange(
    new vscode.Range(place.from, 0, place.to, 0),
    vscode.TextEditorRevealType.InCenterIfOutsideViewport,
  );
  return editor;
}
