import { findNodeAtLocation, getNodeValue, type Node, parseTree } from 'jsonc-parser';
import { applyEdit, type Edit, type EditRefused } from './applyEdit.ts';

interface Cell {
  readonly source: Node;
  readonly text: string;
}

/** Makes an edit in the source of one cell of a notebook. Every byte outside that cell's source stays, outputs too. */
export function editNotebook(json: string, edit: Edit): { readonly text: string } | EditRefused {
  const cells = cellsOf(json);
  if (cells === null)
    return refusal('not-found', 'It is no notebook that can be read, so no cell of it can be edited.');
  if (edit.cell !== undefined) return editCell(json, cells, edit.cell, edit);
  const tried = cells.map((_, i) => editCell(json, cells, i, edit));
  const fits = tried.flatMap((result, i) => ('refused' in result ? [] : [i]));
  const [only] = fits;
  if (only !== undefined && fits.length === 1) return tried[only] ?? refusal('not-found', '');
  if (fits.length > 1) {
    return refusal(
      'ambiguous',
      `oldText fits in cells ${fits.join(', ')} (from 0). Put more lines of the one you mean into oldText.`,
    );
  }
  const best = tried.find((result) => 'refused' in result && result.refused !== 'not-found') ?? nearest(tried);
  return best ?? refusal('not-found', 'The notebook has no cells.');
}

function nearest(tried: readonly ({ text: string } | EditRefused)[]): EditRefused | undefined {
  const refused = tried.filter((result) => 'refused' in result);
  return refused.find(({ lines }) => lines.length > 0) ?? refused[0];
}

function editCell(json: string, cells: readonly Cell[], at: number, edit: Edit): { text: string } | EditRefused {
  const cell = cells[at];
  if (cell === undefined)
    return refusal('not-found', `There is no cell ${at}; the notebook has ${cells.length}, from 0.`);
  const edited = applyEdit(cell.text, edit);
  if ('refused' in edited) return { ...edited, message: `In cell ${at} (from 0): ${edited.message}` };
  return { text: withSource(json, cell.source, edited.text) };
}

function cellsOf(json: string): Cell[] | null {
  const root = parseTree(json, [], { disallowComments: true });
  const list = root && findNodeAtLocation(root, ['cells']);
  if (list?.type !== 'array' || !isWhole(json)) return null;
  return (list.children ?? []).flatMap((cell) => {
    const source = findNodeAtLocation(cell, ['source']);
    if (source === undefined) return [];
    const value: unknown = getNodeValue(source);
    const text = Array.isArray(value) ? value.join('') : value;
    return typeof text === 'string' ? [{ source, text }] : [];
  });
}

/** The tree is built of broken files too. */
function isWhole(json: string): boolean {
  try {
    JSON.parse(json.replace(/^\uFEFF/, ''));
    return true;
  } catch {
    return false;
  }
}

/** Writes a source as Jupyter does: a list of lines with their ends, laid out as the list was, or one string. */
function withSource(json: string, source: Node, text: string): string {
  const [start, end] = [source.offset, source.offset + source.length];
  const written = source.type === 'array' ? asList(json.slice(start, end), text) : JSON.stringify(text);
  return json.slice(0, start) + written + json.slice(end);
}

function asList(before: string, text: string): string {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  if (lines.length === 0) return '[]';
  const outer = /\n([ \t]*)\]$/.exec(before)?.[1];
  const inner = /^\[\r?\n([ \t]*)/.exec(before)?.[1];
  const written = lines.map((line) => JSON.stringify(line));
  if (inner === undefined || outer === undefined) return `[${written.join(', ')}]`;
  const lineEnd = before.includes('\r\n') ? '\r\n' : '\n';
  return `[${lineEnd}${written.map((line) => `${inner}${line}`).join(`,${lineEnd}`)}${lineEnd}${outer}]`;
}

function refusal(refused: EditRefused['refused'], message: string): EditRefused {
  return { refused, message, lines: [] };
}
