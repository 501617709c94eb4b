import type { Paper } from '../domain/paper.ts';
import { gathered, inlineText, type Reading, tidied, unmarked } from './htmlText.ts';
import { allIn, closest, type Element, firstIn, hasClass } from './htmlTree.ts';

/** What stands apart from a page's text. */
export interface Floats {
  readonly tables: NonNullable<Paper['tables']>;
  readonly figures: NonNullable<Paper['figures']>;
  readonly equations: NonNullable<Paper['equations']>;
}

export function noFloats(): Floats {
  return { tables: [], figures: [], equations: [] };
}

const LABEL = /^((?:table|figure|fig\.?|algorithm|listing)\s*[A-Z]?\.?\d{0,3}(?:\.\d{1,2})?)\s*[.:|—–-]?\s*/i;

/** Widest and longest that a cell reaches, and the most rows of a table. */
const MAX_SPAN = 40;
const MAX_ROWS = 400;

/** The equations of an element that LaTeXML set for them, each with its number.
 *  @returns each as text */
export function equationsIn(element: Element, reading: Reading, { equations }: Floats): string[] {
  const rows = allIn(element, (one) => one.name === 'tr' || hasClass(one, 'ltx_eqn_row'));
  return (rows.length === 0 ? [element] : rows).flatMap((row) => {
    const formulas = allIn(row, ({ name }) => name === 'math').map((math) => gathered(math, reading).slice(1, -1));
    const text = formulas.filter((formula) => formula !== '').join(' ');
    if (text === '') return [];
    const tag = firstIn(row, (one) => hasClass(one, 'ltx_tag_equation'));
    const label = tag === null ? '' : inlineText(tag, reading).replace(/^\(|\)$/g, '');
    equations.push({ ...(label !== '' && { label }), text });
    return [`$$${text}$$${label === '' ? '' : ` (${label})`}`];
  });
}

/** A figure or a table with its caption; null where there is neither a caption nor a table of its own.
 *  @returns the caption, and the rows of a table */
export function figureIn(element: Element, reading: Reading, floats: Floats): string[] | null {
  const isOwn = (one: Element) => closest(one, ({ name }) => name === 'figure') === element;
  const captions = allIn(element, (one) => one.name === 'figcaption' && isOwn(one));
  const tables = allIn(element, (one) => isTable(one) && isOwn(one) && !isWithin(one, isTable, element));
  if (captions.length === 0 && tables.length === 0) return null;
  const marked = captions.map((one) => tidied(gathered(one, reading)).replace(/\s+/g, ' ')).join(' ');
  const { label, caption } = labelled(unmarked(marked), captions[0], reading);
  const inner = allIn(element, (one) => one.name === 'figure' && closest(one.parent ?? one, isFigure) === element);
  const rows = tables.flatMap((table) => rowsOf(table, reading));
  if (tables.length > 0 || hasClass(element, 'ltx_table')) floats.tables.push({ label, caption, rows });
  else floats.figures.push({ label, caption });
  const nested = inner.flatMap((one) => figureIn(one, reading, floats) ?? []);
  return [...nested, ...(marked === '' ? [] : [`Caption: ${marked}`]), ...(rows.length === 0 ? [] : [rowsText(rows)])];
}

/** A table that stands by itself; null where it only lays out a page.
 *  @returns its caption and its rows */
export function tableIn(element: Element, reading: Reading, floats: Floats): string[] | null {
  if (firstIn(element, isTable)) return null;
  const rows = rowsOf(element, reading);
  const isGrid = rows.length > 1 && rows.some((row) => row.filter((cell) => cell !== '').length > 1);
  if (!isGrid) return null;
  const own = firstIn(element, ({ name }) => name === 'caption');
  const { label, caption } = labelled(own ? unmarked(inlineText(own, reading)) : '', own ?? undefined, reading);
  floats.tables.push({ label, caption, rows });
  const words = [label, caption].filter((part) => part !== '').join(': ');
  return [...(words === '' ? [] : [`Caption: ${words}`]), rowsText(rows)];
}

function isFigure({ name }: Element): boolean {
  return name === 'figure';
}

function isTable(element: Element): boolean {
  if (/(^|\s)ltx_(eqn_table|equation|equationgroup)(\s|$)/.test(element.attributes.class ?? '')) return false;
  return element.name === 'table' || hasClass(element, 'ltx_tabular');
}

function isWithin(element: Element, is: (one: Element) => boolean, up: Element): boolean {
  for (let at = element.parent; at !== null && at !== up; at = at.parent) if (is(at)) return true;
  return false;
}

function labelled(text: string, caption: Element | undefined, reading: Reading): { label: string; caption: string } {
  const tag = caption && firstIn(caption, (one) => hasClass(one, 'ltx_tag'));
  const words = tag ? inlineText(tag, reading) : (LABEL.exec(text)?.[1] ?? '');
  const label = words.replace(/[\s.:|]+$/, '').replace(/^fig(?:\.|ure)?\s*(?=\S)/i, 'Figure ');
  const rest = tag && text.startsWith(words) ? text.slice(words.length) : text.replace(LABEL, '');
  return { label, caption: rest.trim() };
}

/** The cells of a table, one that spans several columns or rows with empty ones beside and below it. */
function rowsOf(table: Element, reading: Reading): string[][] {
  const isOwn = (row: Element) =>
    (row.name === 'tr' || hasClass(row, 'ltx_tr')) && closest(row.parent ?? row, isTable) === table;
  const reaching = new Map<number, number>();
  const rows = allIn(table, isOwn)
    .slice(0, MAX_ROWS)
    .map((row) => cellsOf(row, reaching, reading));
  return rows.filter((cells) => cells.some((cell) => cell !== ''));
}

/** @param reaching by column, how many further rows a cell above reaches into; brought up to the row */
function cellsOf(row: Element, reaching: Map<number, number>, reading: Reading): string[] {
  const cells: string[] = [];
  const skip = () => {
    for (let left = reaching.get(cells.length) ?? 0; left > 0; left = reaching.get(cells.length) ?? 0) {
      reaching.set(cells.length, left - 1);
      cells.push('');
    }
  };
  for (const cell of row.children) {
    if (typeof cell === 'string' || !(/^t[dh]$/.test(cell.name) || hasClass(cell, 'ltx_td'))) continue;
    skip();
    const below = span(cell.attributes.rowspan) - 1;
    const text = unmarked(inlineText(cell, reading)).replace(/\s+/g, ' ');
    for (let i = 0; i < span(cell.attributes.colspan); i++) {
      if (below > 0) reaching.set(cells.length, below);
      cells.push(i === 0 ? text : '');
    }
  }
  skip();
  return cells;
}

function span(text: string | undefined): number {
  const value = Number(text ?? 1);
  return value >= 1 ? Math.min(Math.floor(value), MAX_SPAN) : 1;
}

function rowsText(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => row.join(' | ')).join('\n');
}
