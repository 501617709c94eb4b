/** The code of a notebook as one Python text, and where each of its lines stands in the file. */
export interface NotebookCode {
  readonly source: string;
  /** The line of the file that holds a row of the source, both from 0. */
  readonly lineOf: (row: number) => number;
}

/** Reads the code cells of a Jupyter notebook (nbformat 4: `cells`, 3: `worksheets`); lines that speak to the notebook
 *  (`%`, `!`) become comments.
 *  @returns null where it is no notebook */
export function notebookCode(text: string): NotebookCode | null {
  const lines: string[] = [];
  const places: number[] = [];
  let from = 0;
  let row = 0;
  for (const line of codeLines(text) ?? []) {
    // A cell's line stands in the file as it is written in JSON, after all lines before it.
    const written = JSON.stringify(line).slice(1, -1);
    const at = text.indexOf(written, from);
    if (at >= 0) {
      for (let next = text.indexOf('\n', from); next >= 0 && next < at; next = text.indexOf('\n', next + 1)) row += 1;
      from = at;
    }
    const bare = line.replace(/\n$/, '');
    lines.push(/^\s*[%!]/.test(bare) ? `#${bare}` : bare);
    places.push(row);
  }
  if (codeLines(text) === null) return null;
  return { source: lines.join('\n'), lineOf: (at) => places[Math.min(at, places.length - 1)] ?? 0 };
}

function codeLines(text: string): string[] | null {
  let notebook: { cells?: unknown; worksheets?: { cells?: unknown }[] };
  try {
    notebook = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  const cells = notebook?.cells ?? notebook?.worksheets?.[0]?.cells;
  if (!Array.isArray(cells)) return null;
  return cells.flatMap((cell: { cell_type?: unknown; source?: unknown; input?: unknown }) => {
    if (cell?.cell_type !== 'code') return [];
    const source = cell.source ?? cell.input ?? [];
    const all = Array.isArray(source) ? source.join('') : String(source);
    return all.split('\n').map((line, i, list) => (i < list.length - 1 ? `${line}\n` : line));
  });
}
