import type { ComponentChildren } from 'preact';
import { memo } from 'preact/compat';
import { Code } from './code.tsx';
import { Formula } from './formula.tsx';

/** A model's words with the Markdown that they use: paragraphs, lists, headings, tables, fenced code, formulas, `code`
 *  and **strong**. Everything becomes elements made here, so that HTML in it is text, and a link is its words. */
export const Prose = memo(function Prose({ text }: { text: string }) {
  return <div class="prose">{blocksOf(text).map(drawn)}</div>;
});

export type Block =
  | { kind: 'paragraph' | 'heading' | 'formula'; text: string }
  | { kind: 'code'; text: string; language: string }
  | { kind: 'table'; head: string[]; rows: string[][] }
  | { kind: 'list'; ordered: boolean; items: string[]; start?: number };

const FENCE = /^\s*```/;
const BULLET = /^\s*[-*+]\s+/;
const NUMBER = /^\s*\d+[.)]\s+/;
const HEADING = /^#{1,6}\s+/;
const ROW = /^\s*\|.*\|\s*$/;
const RULE = /^\s*\|(\s*:?-+:?\s*\|)+\s*$/;
/** A formula in lines of its own begins and ends so. */
const FORMULA = /^\s*(\$\$|\\\[)/;
const FORMULA_END = /(\$\$|\\\])\s*$/;
/** `code`, $formulas$, **strong** and *emphasis*; a lone asterisk, as in a product, is left alone, and so are prices:
 *  a formula neither begins nor ends with a space, and no digit follows it. */
const MARKED =
  /(`[^`\n]+`|\\\([^\n]+?\\\)|\$(?![\s$])[^$\n]*[^\s$\\]\$(?!\d)|\*\*[^*\n]+\*\*|\*(?![\s*])[^*\n]*[^\s*]\*(?!\w))/;

export function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  const lines = text.split('\n');
  for (let i = 0; i < lines.length; ) {
    if ((lines[i] ?? '').trim() === '') {
      i++;
      continue;
    }
    const { block, end } = blockAt(lines, i);
    blocks.push(block);
    i = end;
  }
  return blocks;
}

/** The block that begins in a line, and the line after it. */
function blockAt(lines: readonly string[], i: number): { block: Block; end: number } {
  const line = lines[i] ?? '';
  if (FENCE.test(line)) return fencedAt(lines, i);
  if (FORMULA.test(line)) return formulaAt(lines, i);
  if (HEADING.test(line)) return { block: { kind: 'heading', text: line.replace(HEADING, '') }, end: i + 1 };
  if (ROW.test(line) && RULE.test(lines[i + 1] ?? '')) {
    const end = endOf(lines, i + 1, (other) => !ROW.test(other));
    return { block: { kind: 'table', head: cellsOf(line), rows: lines.slice(i + 2, end).map(cellsOf) }, end };
  }
  if (BULLET.test(line) || NUMBER.test(line)) {
    const sign = BULLET.test(line) ? BULLET : NUMBER;
    const end = endOf(lines, i, (other) => !sign.test(other) && !/^\s{2,}\S/.test(other));
    const items = listItems(lines.slice(i, end), sign);
    // A list that blank lines part goes on with its numbers.
    const start = Number.parseInt(line, 10);
    return { block: { kind: 'list', ordered: sign === NUMBER, items, ...(start > 1 && { start }) }, end };
  }
  const begins = [FENCE, FORMULA, HEADING, BULLET, NUMBER, ROW];
  const end = endOf(lines, i, (other) => other.trim() === '' || begins.some((sign) => sign.test(other)));
  return { block: { kind: 'paragraph', text: lines.slice(i, end).join('\n') }, end };
}

/** Code to the fence that closes it, or to the end: in a message that is being written it is not there yet. */
function fencedAt(lines: readonly string[], i: number): { block: Block; end: number } {
  const end = endOf(lines, i, (other) => FENCE.test(other));
  const language = /^\s*```\s*([\w+#.-]*)/.exec(lines[i] ?? '')?.[1]?.toLowerCase() ?? '';
  return { block: { kind: 'code', text: lines.slice(i + 1, end).join('\n'), language }, end: end + 1 };
}

function formulaAt(lines: readonly string[], i: number): { block: Block; end: number } {
  const first = (lines[i] ?? '').replace(FORMULA, '');
  const last = FORMULA_END.test(first) ? i : endOf(lines, i, (other) => FORMULA_END.test(other));
  const body = last === i ? [first] : [first, ...lines.slice(i + 1, last + 1)];
  return { block: { kind: 'formula', text: body.join('\n').replace(FORMULA_END, '').trim() }, end: last + 1 };
}

function cellsOf(row: string): string[] {
  const inner = row.trim().replace(/^\||\|$/g, '');
  return inner.split(/(?<!\\)\|/).map((cell) => cell.replaceAll('\\|', '|').trim());
}

function endOf(lines: readonly string[], start: number, ends: (line: string) => boolean): number {
  const found = lines.findIndex((line, at) => at > start && ends(line));
  return found === -1 ? lines.length : found;
}

function listItems(lines: readonly string[], sign: RegExp): string[] {
  const items: string[] = [];
  for (const line of lines) {
    if (sign.test(line)) items.push(line.replace(sign, ''));
    else items.push(`${items.pop() ?? ''} ${line.trim()}`);
  }
  return items;
}

function drawn(block: Block, key: number) {
  switch (block.kind) {
    case 'code':
      return <Code key={key} text={block.text} language={block.language} />;
    case 'formula':
      return <Formula key={key} text={block.text} isBlock />;
    case 'table':
      return <Table key={key} head={block.head} rows={block.rows} />;
    case 'heading':
      return <h3 key={key}>{inline(block.text)}</h3>;
    case 'paragraph':
      return <p key={key}>{inline(block.text)}</p>;
    case 'list': {
      const items = block.items.map((item, i) => <li key={i}>{inline(item)}</li>);
      return block.ordered ? (
        <ol key={key} start={block.start ?? 1}>
          {items}
        </ol>
      ) : (
        <ul key={key}>{items}</ul>
      );
    }
  }
}

function Table({ head, rows }: { head: readonly string[]; rows: readonly string[][] }) {
  return (
    <div class="scrolls">
      <table>
        <thead>
          <tr>
            {head.map((cell, i) => (
              <th key={i} scope="col">
                {inline(cell)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={i}>
              {head.map((_, j) => (
                <td key={j}>{inline(row[j] ?? '')}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** One line of a model's words. */
export function inline(text: string): ComponentChildren[] {
  return text.split(MARKED).map((part, i) => {
    if (/^`[^`]+`$/.test(part)) return <code key={i}>{part.slice(1, -1)}</code>;
    if (/^\$[^$]+\$$/.test(part)) return <Formula key={i} text={part.slice(1, -1)} isBlock={false} />;
    if (/^\\\(.+\\\)$/.test(part)) return <Formula key={i} text={part.slice(2, -2)} isBlock={false} />;
    if (/^\*\*[^*]+\*\*$/.test(part)) return <strong key={i}>{part.slice(2, -2)}</strong>;
    return /^\*[^*]+\*$/.test(part) ? <em key={i}>{part.slice(1, -1)}</em> : part;
  });
}
