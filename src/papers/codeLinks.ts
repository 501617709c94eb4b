import type { Paper } from '../domain/paper.ts';
import type { CodeLink } from '../domain/prototype.ts';

/** Hosts of repositories whose address is OWNER/NAME. */
const HOSTS = new Set(['github.com', 'gitlab.com', 'bitbucket.org', 'codeberg.org', 'gitee.com']);

/** First parts of an address that are pages of the host, not owners. */
const PAGES = new Set([
  'about',
  'apps',
  'collections',
  'explore',
  'features',
  'marketplace',
  'orgs',
  'search',
  'sponsors',
  'topics',
  'users',
]);

/** Characters around a link that are told with it. */
const AROUND = 120;

/** The repositories that a paper names, its own text before its references, each once. */
export function codeLinks(paper: Paper): CodeLink[] {
  const own = [paper.abstract, ...paper.sections.map(({ text }) => text)];
  const cited = paper.references.map(({ text }) => text);
  const references = cited.join('\n').replace(/\s+/g, '');
  const links = new Map<string, CodeLink>();
  const add = (link: string, where: CodeLink['where'], words: string) => {
    const found = repositoryOf(link);
    if (found && !links.has(found.url.toLowerCase())) links.set(found.url.toLowerCase(), { ...found, where, words });
  };
  for (const text of own) for (const { link, words } of linksWithWords(text)) add(link, 'paper', words);
  for (const link of paper.links) add(link, references.includes(bare(link)) ? 'references' : 'paper', '');
  for (const text of cited) for (const { link, words } of linksWithWords(text)) add(link, 'references', words);
  return [...links.values()].sort((a, b) => Number(a.where === 'references') - Number(b.where === 'references'));
}

/** The repository that an address leads to; null where it leads to none that is known.
 *  Addresses of a folder or a file of it name its branch or commit. */
export function repositoryOf(link: string): { url: string; ref: string | null } | null {
  const whole = link.replace(/[.,;:)\]]+$/, '').replace(/^git@([^:]+):/, 'https://$1/');
  const address = /^https?:\/\//.test(whole) ? whole : `https://${whole}`;
  if (!URL.canParse(address)) return null;
  const { hostname, pathname } = new URL(address);
  const host = hostname.replace(/^www\./, '');
  const [owner = '', name = '', ...rest] = pathname.split('/').filter(Boolean);
  const repository = name.replace(/\.git$/, '');
  const isName = (part: string) => /^[\w][\w.-]*$/.test(part) && !part.includes('..');
  if (!HOSTS.has(host) || !isName(owner) || !isName(repository) || PAGES.has(owner)) return null;
  const [dash, ...after] = rest[0] === '-' ? rest : ['', ...rest];
  const [kind = '', ref = ''] = dash === undefined ? [] : after;
  const named = /^(tree|blob|commit|releases|src)$/.test(kind) && /^[\w][\w.-]*$/.test(ref) ? ref : null;
  return { url: `https://${host}/${owner}/${repository}`, ref: kind === 'releases' ? null : named };
}

function bare(link: string): string {
  return link.replace(/^https?:\/\//, '').replace(/\/$/, '');
}

function* linksWithWords(text: string): Generator<{ link: string; words: string }> {
  const links = /(?:https?:\/\/)?(?:www\.)?(?:github|gitlab|bitbucket|codeberg|gitee)\.(?:com|org)\/[^\s"<>{}]+/g;
  for (const match of text.matchAll(links)) {
    const from = Math.max(0, match.index - AROUND);
    const words = text.slice(from, match.index + match[0].length).replace(/\s+/g, ' ');
    yield { link: match[0], words: from > 0 ? `…${words}` : words };
  }
}
