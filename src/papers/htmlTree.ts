import { Parser } from 'htmlparser2';
import { PaperError } from './paperError.ts';

/** An element of a page. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: (Element | string)[];
  readonly parent: Element | null;
}

/** A page nested deeper, or of more elements, is none that was written to be read. */
const MAX_DEPTH = 1_000;
const MAX_ELEMENTS = 1_500_000;

/** The largest page that is read, in bytes: formulas stand in arXiv's pages twice over. */
const MAX_PAGE_BYTES = 24 * 1024 * 1024;

/** Parses a page as it came.
 *  @param type what the server called it, with the encoding that it named
 *  @throws PaperError `too-large`, `unsupported` */
export function pageTree(bytes: Uint8Array, { name, type = '' }: { name: string; type?: string | undefined }): Element {
  if (bytes.length > MAX_PAGE_BYTES) {
    throw new PaperError('too-large', `${name}: the page is larger than 24 MiB; give the paper's PDF instead.`);
  }
  const root: Element = { name: '', attributes: {}, children: [], parent: null };
  let open = root;
  let [depth, elements] = [0, 0];
  const parser = new Parser(
    {
      onopentag(tag, attributes) {
        if (++depth > MAX_DEPTH || ++elements > MAX_ELEMENTS) throw overgrown(name);
        const element: Element = { name: tag, attributes, children: [], parent: open };
        open.children.push(element);
        open = element;
      },
      ontext(text) {
        open.children.push(text);
      },
      onclosetag() {
        depth--;
        open = open.parent ?? root;
      },
    },
    { lowerCaseTags: true, lowerCaseAttributeNames: true, decodeEntities: true },
  );
  parser.end(decoded(bytes, type));
  return root;
}

function overgrown(name: string): PaperError {
  return new PaperError('unsupported', `${name}: the page is nested without end; give the paper's PDF instead.`);
}

/** The encoding that the server names, or the page, or else UTF-8. */
function decoded(bytes: Uint8Array, type: string): string {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 2048)).toString('latin1');
  const named = /charset\s*=\s*["']?([\w-]+)/i;
  const label = named.exec(type)?.[1] ?? named.exec(head)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(label).decode(bytes);
  } catch (error) {
    if (error instanceof RangeError) return new TextDecoder('utf-8').decode(bytes);
    throw error;
  }
}

/** All elements below one, in the order of the page. */
export function* elementsIn(root: Element): Generator<Element> {
  const waiting = [...root.children].reverse();
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (typeof node === 'string') continue;
    yield node;
    for (let i = node.children.length - 1; i >= 0; i--) {
      const child = node.children[i];
      if (child !== undefined) waiting.push(child);
    }
  }
}

export function firstIn(root: Element, is: (element: Element) => boolean): Element | null {
  for (const element of elementsIn(root)) if (is(element)) return element;
  return null;
}

export function allIn(root: Element, is: (element: Element) => boolean): Element[] {
  return [...elementsIn(root)].filter(is);
}

export function hasClass({ attributes }: Element, name: string): boolean {
  const own = attributes.class;
  return own?.includes(name) === true && own.split(/\s+/).includes(name);
}

/** The element itself or the nearest one around it. */
export function closest(element: Element, is: (one: Element) => boolean): Element | null {
  for (let at: Element | null = element; at !== null; at = at.parent) if (is(at)) return at;
  return null;
}

/** The text below an element as it stands, whatever is seen of it. */
export function rawText(element: Element): string {
  let text = '';
  const waiting: (Element | string)[] = [...element.children].reverse();
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (typeof node === 'string') text += node;
    else for (let i = node.children.length - 1; i >= 0; i--) waiting.push(node.children[i] ?? '');
  }
  return text;
}

/** What the head of a page says of it by one name, in order. */
export function metaIn(page: Element, ...names: string[]): string[] {
  return allIn(page, ({ name }) => name === 'meta').flatMap(({ attributes }) => {
    const name = (attributes.name ?? attributes.property ?? '').toLowerCase();
    const content = (attributes.content ?? '').replace(/\s+/g, ' ').trim();
    return names.includes(name) && content !== '' ? [content] : [];
  });
}
