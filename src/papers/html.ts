import type { Paper } from '../domain/paper.ts';
import { citationsIn } from './citations.ts';
import { codeLinks } from './codeLinks.ts';
import { bareHeading, isReferences } from './heading.ts';
import { type Block, partsOf } from './htmlBlocks.ts';
import { type Floats, noFloats } from './htmlFloats.ts';
import { authorsOf, mainOf, titleOf } from './htmlFront.ts';
import { hiddenElements } from './htmlHidden.ts';
import { entryOf, idsOf } from './htmlReferences.ts';
import { isSilent, type Reading, unmarked, withPlaces } from './htmlText.ts';
import { allIn, closest, type Element, metaIn, pageTree, rawText } from './htmlTree.ts';
import { PaperError } from './paperError.ts';
import { linksIn } from './references.ts';

/** Fewer letters of text than this, and a page is about a paper and not the paper. */
const LETTERS = 1_500;

/** The most hidden passages that are told. */
const MAX_HIDDEN = 50;

/** Reads a paper that is a page: as LaTeXML sets it (arXiv's HTML, ar5iv), or any article with headings.
 *  Source: https://math.nist.gov/~BMiller/LaTeXML/manual/ (the classes that begin with ltx_)
 *  @throws PaperError `unsupported` where the page holds no paper, `too-large` */
export function paperFromHtml(bytes: Uint8Array, { name, type }: { name: string; type?: string | undefined }): Paper {
  const page = pageTree(bytes, { name, type });
  const main = mainOf(page);
  const hidden = hiddenElements(page);
  const links = new Links(name);
  const reading: Reading = { hidden, citedBy: (link) => links.numberOf(link) };
  const floats: Floats = noFloats();
  const title = titleOf(page, main, reading);
  const parts = partsOf(main, reading, floats);
  const abstractPart = parts.find((part) => bareHeading(part.heading) === 'abstract');
  const references: Paper['references'] = [];
  for (const block of parts.filter(({ heading }) => isReferences(heading)).flatMap(({ blocks }) => blocks)) {
    const entry = entryOf(block, reading);
    if (entry === null) continue;
    links.cites(idsOf(block.element), references.length);
    references.push(entry);
  }
  const isBody = ({ heading }: { heading: string }) =>
    heading !== '' && heading !== title && bareHeading(heading) !== 'abstract' && !isReferences(heading);
  const named = parts.filter(isBody);
  const body = named.length > 0 ? named : [{ heading: 'Text', blocks: parts.flatMap(({ blocks }) => blocks) }];
  const marked = body.map(({ heading, blocks }) => ({ heading, ...withPlaces(textOf(blocks)) }));
  const sections = marked.map(({ heading, text }) => ({ heading, text }));
  if (sections.reduce((sum, { text }) => sum + text.length, 0) < LETTERS) throw noPaper(name, title);
  const citations = marked.flatMap(({ text, cites }, section) =>
    cites.flatMap(({ offset, end, numbers }) => {
      const cited = links.referencesOf(numbers);
      return cited.length === 0 ? [] : [{ section, offset, text: text.slice(offset, end), references: cited }];
    }),
  );
  const paper: Paper = {
    title,
    authors: authorsOf(page, main, reading),
    abstract: abstractPart ? unmarked(textOf(abstractPart.blocks)) : (metaIn(page, 'citation_abstract')[0] ?? ''),
    sections,
    references,
    links: addressesIn(main, sections),
    pages: 0,
    ...floats,
    citations: citations.length > 0 ? citations : citationsIn({ sections, references }),
    hidden: toldHidden(main, hidden),
  };
  const code = codeLinks(paper).filter(({ where }) => where === 'paper');
  return { ...paper, code: code.map(({ url }) => url) };
}

function textOf(blocks: readonly Block[]): string {
  return blocks.map(({ text }) => text).join('\n\n');
}

function noPaper(name: string, title: string): PaperError {
  const called = title === '' ? '' : ` (“${title.slice(0, 80)}”)`;
  return new PaperError(
    'unsupported',
    `${name}: a web page${called} that holds no whole paper; give the address or the path of the paper itself.`,
  );
}

function toldHidden(main: Element, hidden: ReturnType<typeof hiddenElements>): NonNullable<Paper['hidden']> {
  const own = [...hidden].filter(
    ([element]) => closest(element, (one) => one === main) !== null && closest(element, isSilent) === null,
  );
  return own
    .map(([element, how]) => ({ how, text: rawText(element).replace(/\s+/g, ' ').trim().slice(0, 500) }))
    .filter(({ text }) => text !== '')
    .slice(0, MAX_HIDDEN);
}

function addressesIn(main: Element, sections: Paper['sections']): string[] {
  const links = allIn(main, (one) => one.name === 'a' && closest(one, isSilent) === null);
  const hrefs = links.map(({ attributes }) => (attributes.href ?? '').trim());
  return [
    ...new Set([
      ...hrefs.filter((href) => /^https?:\/\//i.test(href)),
      ...sections.flatMap(({ text }) => linksIn(text)),
    ]),
  ];
}

/** Links within the page, and the entries of its bibliography that they lead to. */
class Links {
  readonly #page: string;
  readonly #targets: string[] = [];
  readonly #references = new Map<string, number>();

  constructor(page: string) {
    this.#page = page.replace(/#.*$/, '');
  }

  numberOf({ attributes: { href = '' } }: Element): number | null {
    const [before = '', target] = href.split('#');
    if (target === undefined || target === '') return null;
    // Pages that were moved lead to themselves by their whole address, with or without a version.
    const isOwn = before === '' || (/^https?:/.test(before) && fileOf(before) === fileOf(this.#page));
    return isOwn ? this.#targets.push(target) - 1 : null;
  }

  cites(ids: readonly string[], reference: number): void {
    for (const id of ids) if (!this.#references.has(id)) this.#references.set(id, reference);
  }

  referencesOf(numbers: readonly number[]): number[] {
    const cited = numbers.map((number) => this.#references.get(this.#targets[number] ?? ''));
    return [...new Set(cited.filter((reference) => reference !== undefined))];
  }
}

function fileOf(address: string): string {
  return address.replace(/\/$/, '').replace(/^.*\//, '').replace(/v\d+$/, '');
}
