import { listFiles } from '../workspace/listFiles.ts';
import { mapText, repositoryMap } from '../workspace/map/repositoryMap.ts';
import { isWithin } from '../workspace/readText.ts';
import { askIndex } from './codeIndex.ts';
import type { LookingPlace } from './lookingPlace.ts';
import type { Room } from './room.ts';

/** Tokens that a map may take. */
const BUDGET = { ample: 800, small: 300 };
/** What belongs to a paper is no code of the experiment, unless it is what the contract starts. */
const PAPERS = /^(?:papers?)\//i;
/** A workspace of so many files is named file by file, which saves most agents a first look. */
const MOST_NAMES = { ample: 60, small: 25 };

/** What an agent is told of a workspace before it looks: what is started, read, scored and set, the code that has to do
 *  with its task, and which files there are. The same files and words give the same text, wherever the folder lies; the
 *  contract is told elsewhere. Hidden files are named, never read.
 *  @param about words that say what the map is for; '' for nothing */
export async function mapInWords(place: LookingPlace, about: string, room: Room = 'ample'): Promise<string> {
  const { root, hidden } = place;
  const map = await askIndex(place, (index) => repositoryMap(index, { about, budget: BUDGET[room] }));
  const started = map.lines.some(({ section, text }) => section === 'Experiment' && /\bpapers?\//i.test(text));
  const isPaper = (path: string) => !started && PAPERS.test(path);
  const lines = map.lines.filter(
    ({ section, path }) =>
      section !== 'Experiment' && !isPaper(path) && (section === 'Data' || !isWithin(path, hidden)),
  );
  const listed = await listFiles(root);
  const files = listed.files.filter(({ path }) => !isPaper(path));
  const names = files
    .slice(0, MOST_NAMES[room])
    .map(({ path }) => (isWithin(path, hidden) ? `${path} (hidden)` : path));
  const more = files.length - names.length;
  const others = more > 0 ? ` and ${listed.truncated ? 'at least ' : ''}${more} more: list_files names them` : '';
  return `${mapText({ ...map, title: 'the workspace', lines })}\n## Files\n${names.join(', ')}${others}`;
}
