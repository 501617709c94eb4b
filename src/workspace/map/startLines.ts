import type { Trait } from '../symbols/facts.ts';
import { isAside, isTest, type MapFile } from './mapFile.ts';
import { cut, type MapLine, namesInRow } from './mapLine.ts';

const TRAINS = /(?:^|\/)(?:train|main|run|experiment|fit|finetune|pretrain|pipeline)\w*\.py$/i;
const SCORES = /(?:^|\/)(?:eval|evaluate|evaluation|score|scoring|metrics?)\w*\.py$/i;
const PREPARES = /(?:^|\/)(?:prepare|preprocess|download|make_?data|process|convert|build_)\w*\.py$/i;
const LEARNS = new Set(['backward', 'fit', 'fit_transform', 'train_step', 'training_step', 'partial_fit', 'zero_grad']);
const MOST = { starts: 12, flags: 8, scores: 6 };

/** A tree with more files than this is more than one experiment. */
const LIBRARY = 150;

type Role = 'trains' | 'scores' | 'prepares data' | 'runs';

/** Programs that can be started, the likeliest experiment first.
 *  @param commands commands of the contract, whose scripts come first */
export function startLines(files: readonly MapFile[], commands: readonly string[]): MapLine[] {
  const isLibrary = files.filter(({ path }) => !isAside(path)).length > LIBRARY;
  const starts = files.flatMap((file) => {
    const line = startOf(file);
    if (line === null) return [];
    const role = roleOf(file);
    return [{ file, role, line, score: scoreOf(file, role, commands) }];
  });
  starts.sort((a, b) => b.score - a.score || (a.file.path < b.file.path ? -1 : 1));
  return starts.slice(0, MOST.starts).map(({ file, role, line, score }, rank) => ({
    section: 'Start here',
    path: file.path,
    line,
    text: `${role}${detailOf(file)}`,
    worth: worthOf(score, role, isLibrary) - 7 * rank + 10 * file.relevance,
  }));
}

/** In a large tree most programs are tools of its makers. */
function worthOf(score: number, role: Role, isLibrary: boolean): number {
  if (score < 0) return 20;
  return isLibrary && role === 'runs' ? 50 : 92;
}

/** Where scores are printed or logged: what there is to be improved. */
export function scoreLines(files: readonly MapFile[]): MapLine[] {
  const lines = files.flatMap((file): MapLine[] => {
    const [first, ...more] = file.facts.traits.filter(
      ({ kind, text }) => kind === 'metric' && !/^["']usage/i.test(text),
    );
    if (first === undefined || isAside(file.path)) return [];
    const rest = more.length === 0 ? '' : ` (and ${more.length} more ${more.length === 1 ? 'place' : 'places'})`;
    const isProgram = startOf(file) !== null;
    return [
      {
        section: 'Scores',
        path: file.path,
        line: first.line,
        text: `${cut(first.text, 90)}${rest}`,
        worth: 40 + (isProgram ? 20 : 0) + (SCORES.test(file.path) ? 15 : 0) + 10 * file.relevance,
      },
    ];
  });
  return lines
    .sort((a, b) => b.worth - a.worth || (a.path < b.path ? -1 : 1))
    .slice(0, MOST.scores)
    .map((line, rank) => ({ ...line, worth: line.worth - 8 * rank }));
}

/** The line where a program begins; null for a module. */
function startOf({ path, facts }: MapFile): number | null {
  if (isTest(path)) return null;
  if (facts.language === 'bash' || facts.language === 'notebook') return 1;
  if (facts.language !== 'python') return null;
  const begin = facts.traits.find(({ kind }) => kind === 'entry');
  if (begin) return begin.line;
  const flag = facts.traits.find(({ kind }) => kind === 'argument');
  if (flag) return flag.line;
  // A script without any definition runs from top to bottom; one with them may call its main all the same.
  const does = facts.symbols[0]?.calls ?? [];
  if (path.endsWith('__init__.py')) return null;
  return does.includes('main') || (facts.symbols.length === 1 && does.length > 2) ? 1 : null;
}

function roleOf({ path, facts }: MapFile): Role {
  if (SCORES.test(path)) return 'scores';
  if (PREPARES.test(path)) return 'prepares data';
  const calls = facts.symbols.some((symbol) => symbol.calls.some((name) => LEARNS.has(name)));
  return TRAINS.test(path) || calls ? 'trains' : 'runs';
}

function scoreOf(file: MapFile, role: Role, commands: readonly string[]): number {
  const { path, facts, relevance } = file;
  const has = (kind: Trait['kind']) => (facts.traits.some((trait) => trait.kind === kind) ? 1 : 0);
  const named = commands.some((command) => command.includes(path)) ? 6 : 0;
  const base = { trains: 5, scores: 3, 'prepares data': 2, runs: 1 }[role];
  const depth = path.split('/').length - 1;
  return (
    named + base + has('argument') + has('seed') + has('metric') + 2 * relevance - 0.4 * depth - (isAside(path) ? 8 : 0)
  );
}

function detailOf({ facts }: MapFile): string {
  const of = (kind: Trait['kind']) => [
    ...new Set(facts.traits.filter((trait) => trait.kind === kind).map(({ text }) => text)),
  ];
  // A name that is put together while a script runs is no file.
  const files = of('data').filter((text) => !/[{}%*]/.test(text));
  const doc = (facts.symbols[0]?.doc ?? '').replace(/\.$/, '');
  const parts = [
    doc === '' ? '' : `: ${cut(doc, 110)}`,
    of('argument').length > 0
      ? `; options ${namesInRow(
          of('argument').map((text) => cut(text, 30)),
          MOST.flags,
        )}`
      : '',
    files.length > 0
      ? `; reads ${namesInRow(
          files.map((text) => cut(text, 50)),
          4,
        )}`
      : '',
    of('seed').length > 0 ? `; seed by ${cut(of('seed')[0] ?? '', 30)}` : '',
  ];
  return parts.join('');
}
