import type { Paper } from '../domain/paper.ts';
import { citationsIn } from './citations.ts';
import { codeLinks } from './codeLinks.ts';
import { isReferences } from './heading.ts';
import { bibliographyOf } from './latexBibliography.ts';
import { readBody } from './latexBody.ts';
import { type SourceFiles, withIncludes } from './latexFiles.ts';
import { withMacros } from './latexMacros.ts';
import { argumentsOf, environmentIn, plainLatex, withoutShields } from './latexText.ts';
import { PaperError } from './paperError.ts';
import { linksIn } from './references.ts';

/** Reads a paper's LaTeX source, with the files it includes. Headings, tables, figures and equations carry the numbers that
 *  LaTeX would give them, and so does what refers to them. The bibliography is that of the source, of the .bbl file, or of
 *  the .bib files it names.
 *  @param path of its main file
 *  @throws PaperError `unsupported` where there is no \begin{document} */
export async function paperFromLatex(source: string, path: string, files: SourceFiles): Promise<Paper> {
  const { text: included, notices } = await withIncludes(source, path, files);
  const whole = withMacros(withoutShields(included));
  const begin = whole.indexOf('\\begin{document}');
  if (begin < 0) {
    throw new PaperError('unsupported', `${path}: no \\begin{document}; give the main file of the paper.`);
  }
  const end = whole.indexOf('\\end{document}', begin);
  const body = whole.slice(begin, end < 0 ? undefined : end);
  const text = body.replace(environmentIn(body, 'thebibliography') ?? '', () => '');
  const { opening, sections: parts, textOf, ...floats } = readBody(text, whole.slice(0, begin));
  const listed = parts.find(({ heading }) => isReferences(heading))?.source ?? '';
  const { references, notices: ofBibliography } = await bibliographyOf({ body: whole, listed }, path, files);
  const named = parts.filter(({ heading }) => !isReferences(heading));
  // Letters have no headings.
  const sections = (parts.length > 0 ? named : [{ heading: 'Text', source: opening }])
    .map(({ heading, source: own }) => ({ heading, text: textOf(own) }))
    .filter((section) => parts.length > 0 || section.text !== '');
  const links = [...argumentsOf(body, 'url'), ...argumentsOf(body, 'href'), ...linksIn(plainLatex(text))];
  const left = [...notices, ...ofBibliography];
  const [title = ''] = [...argumentsOf(whole, 'title'), ...argumentsOf(whole, 'icmltitle')];
  const paper: Paper = {
    title: plainLatex(title).replace(/\n+/g, ' '),
    authors: authorsOf(whole),
    abstract: textOf(abstractOf(whole)),
    sections,
    references,
    links: [...new Set(links.filter((link) => /^https?:\/\//.test(link)))],
    pages: 0,
    ...floats,
    citations: citationsIn({ sections, references }),
    ...(left.length > 0 && { notices: left }),
  };
  const code = codeLinks(paper).filter(({ where }) => where === 'paper');
  return { ...paper, code: code.map(({ url }) => url) };
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
