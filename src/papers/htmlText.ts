import { allIn, type Element, firstIn, hasClass, rawText } from './htmlTree.ts';

/** Marks around a link to what is cited, until its place in the text is known: the number of the link stands between the
 *  first two. They are private characters, which are taken out of what a page says. */
const CITE = { open: '\uE010', number: '\uE011', close: '\uE012' };

/** What is told of elements while their text is gathered. */
export interface Reading {
  /** Elements whose text is left out because nobody sees it. */
  readonly hidden: ReadonlyMap<Element, unknown>;
  /** The number of what a link cites; null for other links. */
  citedBy(link: Element): number | null;
}

/** Elements of a page whose text is none of the paper's. */
const SILENT = new Set(
  'script style noscript template svg iframe object video audio canvas select input textarea button nav dialog head'.split(
    ' ',
  ),
);

/** Elements that stand on lines of their own. */
const BLOCKS = new Set(
  'address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer h1 h2 h3 h4 h5 h6 header hr html li main ol p pre section summary table tbody td tfoot th thead tr ul'.split(
    ' ',
  ),
);

export function isBlock({ name }: Element): boolean {
  return BLOCKS.has(name);
}

export function isSilent(element: Element): boolean {
  const { name, attributes } = element;
  if (SILENT.has(name) && !isFormulaScript(element)) return true;
  if (/^(navigation|banner|contentinfo|search|dialog|alert|complementary)$/.test(attributes.role ?? '')) return true;
  return /(^|\s)(ltx_page_(header|footer|logo|navbar)|ltx_TOC|ltx_ERROR|ltx_note_mark|ltx_tag_note|ltx_rdf|ltx_bib_cited)(\s|$)/.test(
    attributes.class ?? '',
  );
}

/** MathJax keeps formulas in scripts that are none. */
function isFormulaScript({ name, attributes }: Element): boolean {
  return name === 'script' && /^math\/tex\b/.test(attributes.type ?? '');
}

/** The text of an element as it is read, in one line but for <br> and what is preformatted. */
export function inlineText(element: Element, reading: Reading): string {
  return tidied(gathered(element, reading));
}

/** The text of one element or word, not yet tidied. */
export function gathered(node: Element | string, reading: Reading): string {
  if (typeof node === 'string') return node.replace(/[\uE000-\uE0FF]/g, '').replace(/\s+/g, ' ');
  if (reading.hidden.has(node)) return '';
  const formula = formulaOf(node);
  if (formula !== null) return formula === '' ? '' : `$${formula}$`;
  if (isSilent(node)) return '';
  if (node.name === 'br') return '\n';
  if (node.name === 'img') return '';
  const inner = node.children.map((child) => gathered(child, reading)).join('');
  const text = hasClass(node, 'ltx_note') ? ` (${inner.trim()})` : inner;
  if (node.name === 'a' || node.name === 'cite') return cited(node, text, reading);
  return isBlock(node) ? `\n${text}\n` : text;
}

/** A <cite> is one place, however many works it names. */
function cited(element: Element, text: string, reading: Reading): string {
  if (text.trim() === '') return text;
  const links = element.name === 'cite' ? allIn(element, ({ name }) => name === 'a') : [element];
  const numbers = [...new Set(links.map((link) => reading.citedBy(link)).filter((number) => number !== null))];
  if (numbers.length === 0) return text;
  const plain = text.replace(new RegExp(`${CITE.open}[\\d,]*${CITE.number}|${CITE.close}`, 'g'), '');
  return `${CITE.open}${numbers.join(',')}${CITE.number}${plain}${CITE.close}`;
}

/** A formula as it was written in TeX, or else its letters; null where the element is none. */
function formulaOf(element: Element): string | null {
  if (element.name === 'math') {
    const { alttext } = element.attributes;
    const annotation = firstIn(
      element,
      ({ name, attributes }) => name === 'annotation' && /tex/i.test(attributes.encoding ?? ''),
    );
    return oneLine(alttext ?? (annotation ? rawText(annotation) : lettersOf(element)));
  }
  if (isFormulaScript(element)) return oneLine(rawText(element));
  // KaTeX and MathJax set a formula twice, once for programs that read aloud.
  if (hasClass(element, 'katex') || element.name === 'mjx-container') {
    const math = firstIn(element, ({ name }) => name === 'math');
    return math && formulaOf(math);
  }
  return null;
}

function lettersOf(math: Element): string {
  return allIn(math, ({ name }) => /^m(i|n|o|text)$/.test(name))
    .map((part) => rawText(part).trim())
    .join(' ');
}

function oneLine(text: string): string {
  return text
    .replace(/%\s*\n/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

export function tidied(text: string): string {
  return text
    .replace(/[\u00AD\u200B-\u200D\uFEFF\u2060]/g, '')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{2,}/g, '\n')
    .trim();
}

/** A text without the marks of what it cites, and the place of each. */
export function withPlaces(marked: string): {
  text: string;
  cites: { offset: number; end: number; numbers: number[] }[];
} {
  let text = '';
  let open: { offset: number; numbers: number[] } | null = null;
  const cites: { offset: number; end: number; numbers: number[] }[] = [];
  const parts = new RegExp(`${CITE.open}([\\d,]*)${CITE.number}|${CITE.close}|[^${CITE.open}${CITE.close}]+`, 'g');
  for (const [part, numbers] of marked.matchAll(parts)) {
    if (numbers !== undefined) open = { offset: text.length, numbers: numbers.split(',').map(Number) };
    else if (part === CITE.close) {
      if (open) cites.push({ ...open, end: text.length });
      open = null;
    } else text += part;
  }
  return { text, cites };
}

/** A text without the marks of what it cites. */
export function unmarked(text: string): string {
  return withPlaces(text).text;
}
