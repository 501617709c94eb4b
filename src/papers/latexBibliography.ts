import { basename, extname } from 'node:path';
import { referencesFromBiblatex } from './biblatexFile.ts';
import { bibtexNotices, referencesFromBibtex } from './bibtex.ts';
import { besidePaper, type SourceFiles } from './latexFiles.ts';
import { argumentAt, argumentsOf, citedKeys, environmentIn, plainLatex } from './latexText.ts';
import { type Reference, referenceOf } from './references.ts';

interface Bibliography {
  readonly references: Reference[];
  readonly notices: string[];
}

/** What an entry shorter than this holds is no work; characters. */
const SHORTEST = 10;

/** More entries than this no bibliography has. */
const MAX_ENTRIES = 5000;

/** The references of a paper: its own list, that of the .bbl file beside it, of BibTeX or of biber, or of the .bib files that
 *  it names; or else what stands under its heading.
 *  @param listed the source of the section that its heading calls references; '' where there is none */
export async function bibliographyOf(
  { body, listed }: { body: string; listed: string },
  path: string,
  files: SourceFiles,
): Promise<Bibliography> {
  const inline = bibitemsOf(body);
  if (inline.length > 0) return { references: inline, notices: [] };
  const beside = await besideIt(body, path, files);
  if (beside.references.length > 0) return beside;
  return { references: listedReferences(listed), notices: beside.notices };
}

async function besideIt(body: string, path: string, files: SourceFiles): Promise<Bibliography> {
  const bbl = await besidePaper(files, basename(path, extname(path)), ['.bbl']);
  const printed = bbl === null ? [] : referencesFromBbl(bbl.text);
  if (printed.length > 0) return { references: printed, notices: [] };
  const cited = new Set(citedKeys(body));
  const names = [...argumentsOf(body, 'bibliography'), ...argumentsOf(body, 'addbibresource')];
  const read: Bibliography = { references: [], notices: [] };
  for (const name of names.flatMap((list) => list.split(/\s*,\s*/)).slice(0, 20)) {
    const file = await besidePaper(files, name.trim(), ['.bib']);
    if (file === null) {
      read.notices.push(`${path}: the bibliography “${name.trim()}” is not among the files of the paper.`);
    }
    const { references, problems } = referencesFromBibtex(file?.text ?? '', cited);
    read.references.push(...references);
    read.notices.push(...bibtexNotices(file?.name ?? name, problems));
  }
  return read;
}

function referencesFromBbl(source: string): Reference[] {
  const entries = referencesFromBiblatex(source);
  return entries.length > 0 ? entries : bibitemsOf(source.replace(/(?<!\\)%.*$/gm, ''));
}

/** Entries that \bibitem begins, in whatever environment they stand. */
function bibitemsOf(source: string): Reference[] {
  const list = environmentIn(source, 'thebibliography') ?? source;
  return list
    .split(/\\bibitem(?![A-Za-z])/)
    .slice(1, MAX_ENTRIES + 1)
    .flatMap((item) => {
      const label = argumentAt(item, 0, '[', ']');
      const key = argumentAt(item, label?.end ?? 0);
      const entry = item.slice(key?.end ?? 0).split(/\\(?:end\s*\{|(?:sub)*section\b|appendix\b)/, 1)[0] ?? '';
      return referenceIn(entry, key?.text.trim());
    });
}

/** Entries of a list that a paper sets by itself: items, or paragraphs that begin with their numbers. */
function listedReferences(source: string): Reference[] {
  const items = source.split(/\\item(?![A-Za-z])/).slice(1, MAX_ENTRIES + 1);
  if (items.length > 0) {
    return items.flatMap((item, index) => {
      const label = argumentAt(item, 0, '[', ']');
      const said = label === null ? String(index + 1) : plainLatex(label.text).replace(/^[[(]|[\])]$/g, '');
      return referenceIn(item.slice(label?.end ?? 0), said.trim());
    });
  }
  return source
    .split(/\n\s*\n|\\par(?![A-Za-z])|\\\\/)
    .slice(0, MAX_ENTRIES)
    .flatMap((paragraph) => {
      const [opening, bracketed, dotted] =
        /^\s*(?:\\[A-Za-z]+\s*)*(?:\[(\w{1,30})\]|(\d{1,3})\.)\s/.exec(paragraph) ?? [];
      return referenceIn(paragraph.slice(opening?.length ?? 0), bracketed ?? dotted);
    });
}

function referenceIn(source: string, label: string | undefined): Reference[] {
  const text = plainLatex(bareEntry(source))
    .replace(/\s+/g, ' ')
    .replace(/\s+([.,;:])/g, '$1')
    .trim();
  return text.length > SHORTEST ? [{ ...(label && { label }), ...referenceOf(text) }] : [];
}

/** An entry without what styles write for themselves: names of fields, links that are said again, marks of its end. */
function bareEntry(source: string): string {
  return source
    .replace(/\\(?:bibinfo|bibfield|showeprint|bibAnnoteFile)\s*(?:\[[^\]]{0,60}\])?\s*\{[^{}]{0,60}\}\s*/g, '')
    .replace(
      /\\(?:BibitemShut|bibNoStop)\s*\{[^{}]{0,60}\}|\\(?:BibitemOpen|urlstyle\s*\{[^{}]{0,60}\}|penalty\s*-?\d+)/g,
      ' ',
    )
    .replace(/\\(?:href|Eprint)(?:@noop)?\s*\{((?:[^{}]|\{[^{}]{0,300}\}){0,1000})\}/g, (_, link: string) => {
      const doi = /10\.\d{4,9}\/[^\s{}]+/.exec(link)?.[0];
      return doi === undefined ? ' ' : ` doi:${doi} `;
    })
    .replace(/\\enquote\s*\{([^{}]{0,1000})\}/g, '“$1”')
    .replace(/\\(?:newblock|url|doi|path)(?![A-Za-z])/g, ' ');
}
