import { inlineText, isSilent, type Reading, unmarked } from './htmlText.ts';
import { allIn, closest, type Element, firstIn, hasClass, metaIn, rawText } from './htmlTree.ts';

/** The part of a page that holds the article. */
export function mainOf(page: Element): Element {
  const document = firstIn(page, (one) => hasClass(one, 'ltx_document'));
  if (document) return document;
  const body = firstIn(page, ({ name }) => name === 'body') ?? page;
  const whole = rawText(body).length;
  const articles = allIn(body, ({ name }) => name === 'article').map((one) => ({ one, length: rawText(one).length }));
  const longest = articles.reduce((best, next) => (next.length > best.length ? next : best), { one: body, length: 0 });
  if (longest.length > 0.4 * whole) return longest.one;
  return firstIn(body, ({ name, attributes }) => name === 'main' || attributes.role === 'main') ?? body;
}

export function titleOf(page: Element, main: Element, reading: Reading): string {
  const set = firstIn(main, (one) => hasClass(one, 'ltx_title_document'));
  const [named] = metaIn(page, 'citation_title', 'bepress_citation_title');
  const heading = firstIn(main, ({ name }) => name === 'h1') ?? firstIn(page, ({ name }) => name === 'h1');
  const written = set ?? (named === undefined ? heading : null);
  const [shared] = metaIn(page, 'og:title', 'dc.title');
  const tab = firstIn(page, ({ name }) => name === 'title');
  const text = written ? unmarked(inlineText(written, reading)) : (named ?? shared ?? (tab ? rawText(tab) : ''));
  return text.replace(/\s+/g, ' ').trim();
}

/** What a line of names is not: where its people work, and how they are reached. */
const PLACE = /@|universit|institut|department|school of|college|laborator|\blab\b|\binc\b|corporation|\d{4,}|^\W*\d/i;

/** The most authors that are told. */
const MAX_AUTHORS = 200;

export function authorsOf(page: Element, main: Element, reading: Reading): string[] {
  const set = allIn(main, (one) => hasClass(one, 'ltx_personname'));
  if (set.length > 0) return named(set.flatMap((one) => linesOfNames(one, reading)));
  const told = metaIn(page, 'citation_author', 'bepress_citation_author', 'dc.creator');
  if (told.length > 0) return named(told.map(givenFirst));
  const marked = allIn(main, ({ attributes }) => {
    return /(^|\s)author(\s|$)/.test(attributes.rel ?? '') || attributes.itemprop === 'author';
  }).filter((one) => closest(one, isSilent) === null);
  if (marked.length > 0) return named(marked.map((one) => unmarked(inlineText(one, reading))));
  const block = firstIn(main, (one) => /(^|[\s_-])authors?(\s|$)/.test(one.attributes.class ?? '') && !isSilent(one));
  return named(block ? linesOfNames(block, reading) : metaIn(page, 'author'));
}

/** Several people may stand in one place, with where they work below them. */
function linesOfNames(element: Element, reading: Reading): string[] {
  const silent = new Map([...reading.hidden, ...allIn(element, isMark).map((one) => [one, 'mark'] as const)]);
  const lines = unmarked(inlineText(element, { ...reading, hidden: silent })).split('\n');
  const end = lines.findIndex((line) => PLACE.test(line));
  return end === 0 ? lines.slice(0, 1) : lines.slice(0, end < 0 ? undefined : end);
}

/** A raised number or sign beside a name. */
function isMark(element: Element): boolean {
  return element.name === 'sup' || hasClass(element, 'ltx_note') || element.name === 'math';
}

function named(texts: readonly string[]): string[] {
  const names = texts
    .flatMap((text) => text.replace(/^(?:authors?|by)\s*:?\s+/i, '').split(/,|;|&|\n|\s+and\s+|\s{2,}/))
    .map((name) =>
      name
        .replace(/[*†‡§¶\d]+/g, '')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .filter((name) => /\p{L}{2}/u.test(name) && name.length < 60 && !PLACE.test(name));
  return [...new Set(names)].slice(0, MAX_AUTHORS);
}

/** "Family, Given" as "Given Family". */
function givenFirst(name: string): string {
  const [family = '', given, ...more] = name.split(/,\s*/);
  return given === undefined || more.length > 0 ? name : `${given} ${family}`;
}
