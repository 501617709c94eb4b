import pc from 'picocolors';
import type { FoundOnHub } from '../../domain/hub.ts';
import type { AskedService, FoundPaper } from '../../domain/literature.ts';
import {
  type FindOnHubRequest,
  type FindPapersAnswer,
  type FindPapersRequest,
  findOnHubFor,
  findPapersFor,
} from '../../engine/finding.ts';
import { hubText, shown } from '../hubText.ts';
import { printJson } from '../print.ts';
import { UsageError } from '../usageError.ts';
import { asking } from './asking.ts';
import type { CommonOptions } from './options.ts';

type FindOptions = CommonOptions &
  Pick<FindPapersRequest, 'around' | 'most' | 'localOnly'> &
  Pick<FindOnHubRequest, 'task' | 'language' | 'licence' | 'open' | 'parameters'> & {
    models?: boolean;
    datasets?: boolean;
  };

/** Papers; or models or data sets, where one of them is asked for. */
export async function find(words: string[], options: FindOptions): Promise<void> {
  const text = words.join(' ').trim();
  const { localOnly, ...around } = asking(options);
  const onHub = options.models || options.datasets;
  if (text === '' && !(onHub && options.task !== undefined)) throw new UsageError(NO_WORDS);
  const asked = { ...options, words: text, localOnly };
  const found = onHub
    ? await findOnHubFor(around, { ...asked, kind: options.models ? 'models' : 'datasets' })
    : await findPapersFor(around, asked);
  if (options.json) printJson(found);
  else process.stdout.write(`${foundText(found)}\n${askedText(found.asked)}`);
}

const NO_WORDS = 'Say what to look for, as in: mlr find sentence similarity; or, of models and data sets, a --task.';

function foundText(found: FindPapersAnswer | FoundOnHub): string {
  if ('entries' in found) return hubText(found);
  const { papers, references, citations } = found;
  if (references && citations)
    return `${section('It cites', references.papers)}\n${section('Cited by', citations.papers)}`;
  return listed(papers);
}

function section(title: string, papers: readonly FoundPaper[]): string {
  return `${pc.bold(title)}\n${listed(papers)}`;
}

function listed(papers: readonly FoundPaper[]): string {
  if (papers.length === 0) return 'No papers were found.\n';
  return papers.map((paper, i) => paperText(paper, i + 1)).join('');
}

function paperText(paper: FoundPaper, number: number): string {
  const { title, year, authors, venue, citations } = paper;
  const [first = '', ...others] = authors;
  const who = others.length > 1 ? `${first} and ${others.length} others` : authors.join(' and ');
  const facts = [
    who,
    year === null ? '' : `${year}`,
    venue ?? '',
    citations === undefined ? '' : `cited ${citations} times`,
  ];
  const told = facts.filter((fact) => fact !== '').join(', ');
  return `${`${number}.`.padStart(4)} ${pc.bold(shown(title))}\n     ${shown(told)}\n     ${pc.dim(shown(placeOf(paper)))}\n`;
}

/** Where to go on from: the file, or an id that --around takes. */
function placeOf({ source, id, doi, arxivId, alsoIn = [] }: FoundPaper): string {
  const ids = [arxivId === undefined ? '' : `arXiv:${arxivId}`, doi === undefined ? '' : `doi:${doi}`];
  const named = source === 'local' ? [id, ...ids] : ids;
  const told = named.filter((one) => one !== '');
  return `${told.length > 0 ? told.join('  ') : id}  (${[source, ...alsoIn].join(', ')})`;
}

function askedText(asked: readonly AskedService[]): string {
  const lines = asked.map(({ service, outcome, found, detail }) => {
    const name = service === 'local' ? 'This machine' : service;
    const answered = outcome === 'answered' || outcome === 'remembered';
    const words = outcome === 'remembered' ? 'answered before' : 'answered';
    const told = answered ? [`${name} ${words}: ${found} found.`] : [];
    return `  ${shown([...told, detail ?? ''].join(' ').trim())}\n`;
  });
  return `${pc.bold('Asked')}\n${lines.join('')}`;
}
