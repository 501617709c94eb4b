import * as z from 'zod';
import { isWithin } from '../workspace/readText.ts';
import { calleesOf, callersOf, type SearchHit, searchIndex } from '../workspace/symbols/searchIndex.ts';
import type { WorkspaceIndex } from '../workspace/symbols/workspaceIndex.ts';
import { askIndex } from './codeIndex.ts';
import type { LookingPlace } from './lookingPlace.ts';
import { type Tool, tool } from './tool.ts';

const MOST_HITS = 8;
/** Looked up, so that enough are left where hidden files hold some. */
const LOOKED_UP = 40;
const LONGEST_DOC = 120;

interface Asked {
  readonly question?: string | undefined;
  readonly callers?: string | undefined;
  readonly callees?: string | undefined;
}

/** Finds definitions by what they do or by who calls whom, where a search for words would need the right words. */
export function searchCode(place: LookingPlace): Tool<never> {
  return tool({
    name: 'search_code',
    looks: true,
    description:
      'Find definitions by what they do ("where is the learning rate set"), or who calls whom. Give one of the three.',
    parameters: z.object({
      question: z.string().optional().describe('What is looked for, or a name.'),
      callers: z.string().optional().describe('A function: who calls it.'),
      callees: z.string().optional().describe('A function: what it calls.'),
    }),
    run: async (given) => {
      const asked = Object.values(given).filter((text) => text !== undefined && text.trim() !== '');
      if (asked.length !== 1) {
        return { refused: 'Give exactly one of question, callers and callees; call the tool again for another.' };
      }
      const found = await askIndex(place, (index) => look(index, given));
      const hits = found.filter(({ path }) => !isWithin(path, place.hidden));
      if (hits.length === 0) return `Nothing is known of ${JSON.stringify(asked[0])}: search_pattern finds plain text.`;
      return hits.slice(0, MOST_HITS).map(hitInWords).join('\n');
    },
  });
}

function look({ store }: WorkspaceIndex, { question, callers, callees }: Asked): SearchHit[] {
  if (callers) return callersOf(store, callers, LOOKED_UP);
  if (callees) return calleesOf(store, callees, LOOKED_UP);
  return searchIndex(store, question ?? '', LOOKED_UP);
}

function hitInWords({ path, line, endLine, name, signature, doc }: SearchHit): string {
  const place = endLine > line ? `${path}:${line}-${endLine}` : `${path}:${line}`;
  const says = doc.length > LONGEST_DOC ? `${doc.slice(0, LONGEST_DOC)}…` : doc;
  const shown = signature === '' ? name : signature;
  return [place, shown === path ? '' : shown, says === '' ? '' : `“${says}”`].filter((part) => part !== '').join(' ');
}
