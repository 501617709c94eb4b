import type { Arm, Check } from '../domain/evidence.ts';
import { type ChangedText, differenceOf, hiddenFrom, LARGEST_TEXT, textOf } from './changedText.ts';
import { type CheckRequest, notRun } from './checkRequest.ts';
import { findHiddenCopies, type HiddenCopy } from './hiddenCopies.ts';
import { LEAST_BITS, readHiddenLabels } from './hiddenLabels.ts';
import { inputsOf } from './inputFiles.ts';
import { isCopy, type LabelFinding, larger } from './labelFinding.ts';
import { LabelSearch } from './labelSearch.ts';
import { onceOfArms } from './onceOfArms.ts';

const NAME = 'hidden-unseen';
/** Changed files of one variant that are read; the check says how many were not. */
const MOST_FILES = 2000;
/** A text is searched in pieces of so many characters, so that a large file costs time and not memory. */
const PIECE = 4 * 2 ** 20;

/** Hidden files were out of every run's reach, and no text that a variant added holds their labels. */
export async function checkHidden(request: CheckRequest): Promise<Check[]> {
  return await onceOfArms(request.arms, NAME, () => lookForHidden(request));
}

async function lookForHidden(request: CheckRequest): Promise<Check[]> {
  const { confinement, arms, registration } = request;
  if (arms.concealed.length === 0) return notRun(NAME, 'void', 'the contract names no hidden files');
  const copies = (await findHiddenCopies(request)).map(reportCopy);
  if (copies.some(({ revision }) => revision === undefined)) return copies;
  const seen = seenByAgents(request);
  if (seen.length > 0) return seen;
  const { columns, leftOut } = await readHiddenLabels(arms.concealed, inputsOf(request, arms.evaluator));
  const searches = columns.map((column) => new LabelSearch(column));
  const found = [...copies];
  const unread: string[] = [];
  const others = registration.variants.filter((arm) => copies.every(({ revision }) => revision !== arm.revision));
  for (const arm of searches.length > 0 ? others : []) {
    const { findings, unsearched } = await searchArm(request, arm, searches);
    found.push(...reportFindings(findings, arm));
    if (unsearched > 0)
      unread.push(`${unsearched} changed files of ${arm.revision} are too many or too large to search`);
  }
  if (found.some(({ kind }) => kind === 'void')) return found;
  const open = [columns.length === 0 ? `added text was not searched: ${leftOut}` : '', ...unread].filter(Boolean);
  const own = (passed: boolean | null, detail: string): Check[] => [
    ...found,
    { name: NAME, kind: 'void', passed, detail },
  ];
  if (confinement === 'none') {
    return own(null, ['not enforced: without confinement a run may read the whole machine', ...open].join('; '));
  }
  const absent = `${arms.concealed.map(({ as }) => as).join(', ')} was absent from every run's files`;
  // Two entries: that no run could read them is one thing, that nobody typed them off another.
  if (open.length > 0) return [...own(true, absent), ...notRun(NAME, 'void', open.join('; '))];
  const aside = leftOut === '' ? '' : ` (${leftOut})`;
  const fine = `${absent}, and no text that a variant added holds ${LEAST_BITS} bits of its labels${aside}`;
  return found.length > 0 ? found : own(true, fine);
}

function reportCopy({ found, revision }: HiddenCopy): Check {
  const who = revision === undefined ? 'every run' : 'its runs';
  const detail = `a file kept twice? ${found}, and ${who} could read it: hide that one too, or remove it`;
  return { name: NAME, kind: 'void', passed: false, detail, ...(revision !== undefined && { revision }) };
}

/** Whoever wrote a variant after having seen hidden files may have put into it what only they hold, in whatever form. */
function seenByAgents({ seenByAgents: seen = [], registration }: CheckRequest): Check[] {
  if (seen.length === 0) return [];
  const what = seen.length > 3 ? `${seen.slice(0, 3).join(', ')} and ${seen.length - 3} more` : seen.join(', ');
  const detail = `looked at before the contract hid it? ${what}, and the change was written after that: with mlr.yaml on the baseline, begin a new session, in which agents that cannot read it propose the idea and write the change`;
  return registration.variants.map(({ revision }) => ({ name: NAME, kind: 'void', passed: false, detail, revision }));
}

interface FileFinding extends LabelFinding {
  readonly file: string;
}

async function searchArm(
  { contract, repository, registration }: CheckRequest,
  arm: Arm,
  searches: readonly LabelSearch[],
): Promise<{ findings: FileFinding[]; unsearched: number }> {
  const { changed, before } = await differenceOf(
    repository,
    registration.baseline.tree,
    arm.tree,
    hiddenFrom(contract, repository),
  );
  const small = changed.filter(({ size }) => size <= LARGEST_TEXT).slice(0, MOST_FILES);
  const texts: ChangedText[] = [];
  for (const file of small) {
    const text = await textOf(repository, file);
    if (text !== null) texts.push(text);
  }
  const findings: FileFinding[] = [];
  for (const search of searches) {
    const own = texts.flatMap(({ path, lines }) =>
      findIn(search, lines).map((finding) => ({ ...finding, file: path })),
    );
    if (own.length === 0 && texts.length > 1) {
      // Labels shared out among many files are found in all of them together.
      const [finding] = findIn(search, piecesOf(texts.flatMap(({ lines }) => lines))[0] ?? []);
      if (finding !== undefined) own.push({ ...finding, file: `${texts.length} changed files together` });
    }
    if (own.length === 0) continue;
    const earlier = await findEarlier(repository, before, search);
    findings.push(...own.filter((finding) => !earlier.some((one) => holdsAsMuch(one, finding))));
  }
  return { findings, unsearched: changed.length - small.length };
}

/** What the baseline has is not added: its own version of the changed files, and those that are gone, may hold it. */
async function findEarlier(
  repository: CheckRequest['repository'],
  before: Awaited<ReturnType<typeof differenceOf>>['before'],
  search: LabelSearch,
): Promise<LabelFinding[]> {
  const found: LabelFinding[] = [];
  for (const file of before.slice(0, MOST_FILES)) {
    found.push(...findIn(search, (await textOf(repository, file))?.lines ?? []));
  }
  return found;
}

/** The largest finding of all pieces of a text, in a list of at most one. */
function findIn(search: LabelSearch, lines: readonly string[]): LabelFinding[] {
  const finding = piecesOf(lines)
    .map((piece) => search.find(piece))
    .reduce(larger, null);
  return finding === null ? [] : [finding];
}

function piecesOf(lines: readonly string[]): string[][] {
  const pieces: string[][] = [[]];
  let size = 0;
  for (const line of lines) {
    for (let at = 0; at === 0 || at < line.length; at += PIECE) {
      if (size > PIECE) {
        pieces.push([]);
        size = 0;
      }
      const part = line.slice(at, at + PIECE);
      pieces.at(-1)?.push(part);
      size += part.length + 1;
    }
  }
  return pieces;
}

function holdsAsMuch(earlier: LabelFinding, finding: LabelFinding): boolean {
  return (isCopy(earlier) || !isCopy(finding)) && earlier.agreeing >= finding.agreeing;
}

function reportFindings(findings: readonly FileFinding[], arm: Arm): Check[] {
  const order = [...findings].sort((a, b) => Number(isCopy(b)) - Number(isCopy(a)) || b.agreeing - a.agreeing);
  const [worst] = order;
  if (worst === undefined) return [];
  const { file, column, how, of, agreeing } = worst;
  const more = findings.length > 1 ? ` (and ${findings.length - 1} more)` : '';
  const what = isCopy(worst) ? 'saved predictions, or a copy of the labels?' : 'saved predictions or a feature?';
  const detail = `${what} ${file} was added and has ${agreeing} of ${of} values of ${column} ${how}${more}: move it out of the tree`;
  return [{ name: NAME, kind: isCopy(worst) ? 'void' : 'doubt', passed: false, detail, revision: arm.revision }];
}
