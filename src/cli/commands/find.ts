import pc from 'picocolors';
import type { AskedService, FoundPaper } from '../../domain/literature.ts';
import { type FindPapersRequest, findPapersFor } from '../../engine/finding.ts';
import { secret } from '../keyFile.ts';
import { printJson } from '../print.ts';
import { type CommonOptions, switchedOn } from './options.ts';

type FindOptions = CommonOptions & Pick<FindPapersRequest, 'around' | 'most' | 'localOnly'>;

export async function find(words: string[], options: FindOptions): Promise<void> {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const asking = { workspace: options.workspace, secret, proxies: null, signal: stop.signal };
  const localOnly = options.localOnly || switchedOn(process.env.MLR_LOCAL_ONLY);
  const found = await findPapersFor(asking, { ...options, words: words.join(' '), localOnly });
  if (options.json) return printJson(found);
  const { papers, references, citations } = found;
  const text =
    references && citations
      ? `${section('It cites', references.papers)}\n${section('Cited by', citations.papers)}`
      : listed(papers);
  process.stdout.write(`${text}\n${askedText(found.asked)}`);
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

/** Other people's words go to a terminal without what would steer it. */
function shown(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}

function askedText(asked: readonly AskedService[]): string {
  const lines = asked.map(({ service, outcome, found, detail }) => {
    const name = service === 'local' ? 'This workspace' : service;
    const answered = outcome === 'answered' || outcome === 'remembered';
    const words = outcome === 'remembered' ? 'answered before' : 'answered';
    const told = answered ? [`${name} ${words}: ${found} found.`] : [];
    return `  ${shown([...told, detail ?? ''].join(' ').trim())}\n`;
  });
  return `${pc.bold('Asked')}\n${lines.join('')}`;
}
