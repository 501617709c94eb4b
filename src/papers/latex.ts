import { basename, extname } from 'node:path';
import type { Paper } from '../domain/paper.ts';
import { bibtexNotices, referencesFromBibtex } from './bibtex.ts';
import { citationsIn } from './citations.ts';
import { isReferences } from './heading.ts';
import { besidePaper, type SourceFiles, withIncludes } from './latexFiles.ts';
import { withMacros } from './latexMacros.ts';
import { argumentAt, argumentsOf, environmentIn, plainLatex } from './latexText.ts';
import { PaperError } from './paperError.ts';
import { linksIn, type Reference, referenceOf } from './references.ts';

const SECTION = /\\(chapter|section|subsection|subsubsection)(\*?)(?=\s*[[{])|\\appendix\b/g;

/** More sections than this no paper has. */
const MAX_SECTIONS = 500;

/** Reads a paper's LaTeX source, with the files it includes. Headings carry the numbers that LaTeX would give them. The
 *  bibliography is that of the source, of the .bbl file, or of the .bib files it names.
 *  @param path of its main file
 *  @throws PaperError `unsupported` where there is no \begin{document} */
export async function paperFromLatex(source: string, path: string, files: SourceFiles): Promise<Paper> {
  const { text: included, notices } = await withIncludes(source, path, files);
  const whole = withMacros(included);
  const begin = whole.indexOf('\\begin{document}');
  if (begin < 0) {
    throw new PaperError('unsupported', `${path}: no \\begin{document}; give the main file of the paper.`);
  }
  const end = whole.indexOf('\\end{document}', begin);
  const body = whole.slice(begin, end < 0 ? undefined : end);
  const { references, notices: ofBibliography } = await bibliographyOf(body, path, files);
  const text = body.replace(environmentIn(body, 'thebibliography') ?? '', '');
  const links = [...argumentsOf(body, 'url'), ...argumentsOf(body, 'href'), ...linksIn(plainLatex(text))];
  const sections = sectionsOf(text);
  const left = [...notices, ...ofBibliography];
  return {
    title: plainLatex([...argumentsOf(whole, 'title'), ...argumentsOf(whole, 'icmltitle')][0] ?? '').replace(
      /\n+/g,
      ' ',
    ),
    authors: authorsOf(whole),
    abstract: plainLatex(abstractOf(whole)),
    sections,
    references,
    links: [...new Set(links.filter((link) => /^https?:\/\//.test(link)))],
    pages: 0,
    citations: citationsIn({ sections, references }),
    ...(left.length > 0 && { notices: left }),
  };
}

function authorsOf(source: string): string[] {
  const blocks = [...argumentsOf(source, 'author'), ...argumentsOf(source, 'icmlauthor')];
  const names = blocks.flatMap((block) =>
    withoutNotes(block)
      .split(/\\(?:and|AND|And)\b/)
      .map((part) => part.trim().split(/\\\\|\\affiliation\b|\\institute\b|\\email\b/)[0] ?? '')
      .flatMap((part) => plainLatex(part).split(/,|;|\n|\s+and\s+/)),
  );
  return [
    ...new Set(
      names.map((name) => name.replace(/[*†‡]|\$[^$]*\$/g, '').trim()).filter((name) => /\p{L}{2}/u.test(name)),
    ),
  ];
}

function withoutNotes(block: string): string {
  return block.replace(/\\(thanks|footnote|textsuperscript|inst|orcid)\s*\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}/g, '');
}

function abstractOf(source: string): string {
  return environmentIn(source, 'abstract') ?? argumentsOf(source, 'abstract')[0] ?? '';
}

function sectionsOf(body: string): Paper['sections'] {
  const sections: Paper['sections'] = [];
  const counter = new SectionCounter();
  let open: { heading: string; from: number } | null = null;
  const close = (to: number) => {
    if (open && !isReferences(open.heading)) {
      sections.push({ heading: open.heading, text: plainLatex(withCaptions(body.slice(open.from, to))) });
    }
  };
  for (const match of [...body.matchAll(SECTION)].slice(0, MAX_SECTIONS)) {
    const after = match.index + match[0].length;
    if (match[1] === undefined) {
      counter.appendix();
      continue;
    }
    const optional = argumentAt(body, after, '[', ']');
    const title = argumentAt(body, optional?.end ?? after);
    if (!title) continue;
    close(match.index);
    const words = plainLatex(title.text).replace(/\s+/g, ' ').trim();
    open = { heading: match[2] === '*' ? words : `${counter.next(match[1])} ${words}`, from: title.end };
  }
  close(body.length);
  return sections;
}

function withCaptions(text: string): string {
  return text.replace(/\\caption(?:\[[^\]]{0,300}\])?(?=\s*\{)/g, '\n\nCaption: ');
}

/** Numbers sections as the article class does. */
class SectionCounter {
  #counts = [0, 0, 0];
  #letters = false;

  appendix(): void {
    this.#counts = [0, 0, 0];
    this.#letters = true;
  }

  next(level: string): string {
    const depth = level === 'subsubsection' ? 2 : Number(level === 'subsection');
    this.#counts = this.#counts.map((count, index) => (index > depth ? 0 : count + Number(index === depth)));
    const [top = 0, ...below] = this.#counts.slice(0, depth + 1);
    return [this.#letters ? String.fromCharCode(64 + top) : top, ...below].join('.');
  }
}

interface Bibliography {
  readonly references: Reference[];
  readonly notices: string[];
}

async function bibliographyOf(body: string, path: string, files: SourceFiles): Promise<Bibliography> {
  const inline = bibitemsOf(body);
  if (inline.length > 0) return { references: inline, notices: [] };
  const bbl = await besidePaper(files, basename(path, extname(path)), ['.bbl']);
  const listed = bbl === null ? [] : bibitemsOf(bbl.text);
  if (listed.length > 0) return { references: listed, notices: [] };
  const cited = new Set(
    [...body.matchAll(/\\(?:no)?cite[a-zA-Z]*\*?(?:\[[^\]]{0,300}\])*\{([^{}]{0,1000})\}/g)].flatMap((match) =>
      (match[1] ?? '').split(/\s*,\s*/),
    ),
  );
  const names = [...argumentsOf(body, 'bibliography'), ...argumentsOf(body, 'addbibresource')].flatMap((list) =>
    list.split(/\s*,\s*/),
  );
  const read: Bibliography = { references: [], notices: [] };
  for (const name of names.slice(0, 20).map((one) => one.trim())) {
    const file = await besidePaper(files, name, ['.bib']);
    if (file === null) read.notices.push(`${path}: the bibliography “${name}” is not among the files of the paper.`);
    const { references, problems } = referencesFromBibtex(file?.text ?? '', cited);
    read.references.push(...references);
    read.notices.push(...bibtexNotices(file?.name ?? name, problems));
  }
  return read;
}

function bibitemsOf(source: string): Reference[] {
  return (environmentIn(source, 'thebibliography') ?? '')
    .split(/\\bibitem\b/)
    .slice(1)
    .flatMap((item) => {
      const [opening = '', label] =
        /^\s*(?:\[(?:[^[\]{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\])?\s*\{([^{}]*)\}/.exec(item) ?? [];
      const words = item.slice(opening.length).replace(/\\newblock\b|\\(?:url|doi)\b/g, ' ');
      const text = plainLatex(words).replace(/\s+/g, ' ');
      return text.length > 10 ? [{ ...(label && { label: label.trim() }), ...referenceOf(text) }] : [];
    });
}
