import { equationsIn, type Floats, figureIn, tableIn } from './htmlFloats.ts';
import { gathered, isBlock, isSilent, type Reading, tidied, unmarked } from './htmlText.ts';
import { type Element, elementsIn, hasClass, rawText } from './htmlTree.ts';

/** A paragraph, an item, a formula or a table as text, with the element it stands in. */
export interface Block {
  readonly text: string;
  readonly element: Element;
}

/** What stands below one heading, up to the next. */
interface Part {
  readonly heading: string;
  readonly blocks: Block[];
}

/** The most headings of a page that begin a part. */
const MAX_PARTS = 2_000;

/** The text of a page by its headings, what stands above the first one first. Tables, figures and equations are told in
 *  their places, and added to `floats`. */
export function partsOf(main: Element, reading: Reading, floats: Floats): Part[] {
  const gatherer = new Gatherer(reading, floats);
  gatherer.inside(main);
  return gatherer.parts.filter(({ heading, blocks }) => heading !== '' || blocks.length > 0);
}

class Gatherer {
  readonly parts: Part[] = [{ heading: '', blocks: [] }];
  readonly #reading: Reading;
  readonly #floats: Floats;

  constructor(reading: Reading, floats: Floats) {
    this.#reading = reading;
    this.#floats = floats;
  }

  /** Words and elements of a line that stand side by side are one paragraph. */
  inside(element: Element): void {
    let line: (Element | string)[] = [];
    const end = () => {
      if (line.length > 0) this.#paragraph(line, element);
      line = [];
    };
    for (const child of element.children) {
      if (typeof child === 'string' || !standsAlone(child)) line.push(child);
      else {
        end();
        this.#block(child);
      }
    }
    end();
  }

  #block(element: Element): void {
    if (this.#reading.hidden.has(element) || isSilent(element) || hasClass(element, 'ltx_authors')) return;
    const float = this.#float(element);
    if (isHeading(element)) this.#heading(element);
    else if (float !== null) for (const text of float) this.#add(text, element);
    else if (element.name === 'li') this.#item(element);
    else if (element.name === 'pre') this.#add(rawText(element).trimEnd(), element);
    else this.inside(element);
  }

  #heading(element: Element): void {
    const heading = unmarked(tidied(gathered(element, this.#reading))).replace(/\s+/g, ' ');
    if (heading !== '' && this.parts.length < MAX_PARTS) this.parts.push({ heading, blocks: [] });
  }

  /** What an equation, a figure or a table says, as blocks; null where the element is none. */
  #float(element: Element): string[] | null {
    const { name } = element;
    const isEquation = hasClass(element, 'ltx_equation') || hasClass(element, 'ltx_equationgroup');
    if (isEquation) return equationsIn(element, this.#reading, this.#floats);
    if (name === 'figure' && !hasClass(element, 'ltx_float_algorithm'))
      return figureIn(element, this.#reading, this.#floats);
    return name === 'table' ? tableIn(element, this.#reading, this.#floats) : null;
  }

  #item(element: Element): void {
    const before = this.parts.at(-1)?.blocks.length ?? 0;
    this.inside(element);
    const blocks = this.parts.at(-1)?.blocks ?? [];
    const own = blocks.splice(before);
    const [first] = own;
    if (first === undefined) return;
    const inner = own.filter(({ text }) => text.startsWith('• '));
    const text = own.filter((block) => !inner.includes(block)).map((block) => block.text);
    const marked = text.join('\n').replace(/^(?:[•◦▪·–-])\s+/, '');
    if (marked !== '') blocks.push({ text: `• ${marked}`, element });
    blocks.push(...inner);
  }

  #paragraph(line: readonly (Element | string)[], element: Element): void {
    this.#add(tidied(line.map((node) => gathered(node, this.#reading)).join('')), element);
  }

  #add(text: string, element: Element): void {
    if (unmarked(text).trim() !== '') this.parts.at(-1)?.blocks.push({ text, element });
  }
}

/** Whether an element is no part of a line: a block, or one that holds blocks. */
function standsAlone(element: Element): boolean {
  if (isBlock(element)) return true;
  if (element.name === 'math' || element.name === 'a' || hasClass(element, 'ltx_note')) return false;
  if (hasClass(element, 'ltx_tabular')) return true;
  for (const inner of elementsIn(element)) if (isBlock(inner)) return true;
  return false;
}

/** Titles of theorems and of paragraphs begin their text; all others begin a part. */
function isHeading(element: Element): boolean {
  if (!/^h[1-6]$/.test(element.name)) return false;
  return !/(^|\s)ltx_title_(theorem|proof|paragraph|subparagraph|acknowledgements_inline)(\s|$)/.test(
    element.attributes.class ?? '',
  );
}
