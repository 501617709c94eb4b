import type { ComponentChildren } from 'preact';
import { memo } from 'preact/compat';

/** A model's words with the little Markdown that they use: paragraphs, lists, headings, fenced code, `code` and
 *  **strong**. Everything becomes elements made here, so that HTML in it is text, and a link is its words. */
export const Prose = memo(function Prose({ text }: { text: string }) {
  return <div class="prose">{blocksOf(text).map(drawn)}</div>;
});

export type Block =
  | { kind: 'paragraph' | 'heading' | 'code'; text: string }
  | { kind: 'list'; ordered: boolean; items: string[] };

const FENCE = /^\s*```/;
const BULLET = /^\s*[-*+]\s+/;
const NUMBER = /^\s*\d+[.)]\s+/;
const HEADING = /^#{1,6}\s+/;
/** `code`, **strong** and *emphasis*; a lone asterisk, as in a product, is left alone. */
const MARKED = /(`[^`\n]+`|\*\*[^*\n]+\*\*|\*(?![\s*])[^*\n]*[^\s*]\*(?!\w))/;

export function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  const lines = text.split('\n');
  for (let i = 0; i < lines.length; ) {
    const line = lines[i] ?? '';
    if (line.trim() === '') i++;
    else if (FENCE.test(line)) {
      const after = lines.findIndex((other, at) => at > i && FENCE.test(other));
      const end = after === -1 ? lines.length : after;
      blocks.push({ kind: 'code', text: lines.slice(i + 1, end).join('\n') });
      i = end + 1;
    } else if (HEADING.test(line)) {
      blocks.push({ kind: 'heading', text: line.replace(HEADING, '') });
      i++;
    } else if (BULLET.test(line) || NUMBER.test(line)) {
      const sign = BULLET.test(line) ? BULLET : NUMBER;
      const end = endOf(lines, i, (other) => !sign.test(other) && !/^\s{2,}\S/.test(other));
      blocks.push({ kind: 'list', ordered: sign === NUMBER, items: listItems(lines.slice(i, end), sign) });
      i = end;
    } else {
      const end = endOf(
        lines,
        i,
        (other) => other.trim() === '' || [FENCE, HEADING, BULLET, NUMBER].some((s) => s.test(other)),
      );
      blocks.push({ kind: 'paragraph', text: lines.slice(i, end).join('\n') });
      i = end;
    }
  }
  return blocks;
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
      return <pre key={key}>{block.text}</pre>;
    case 'heading':
      return <h3 key={key}>{inline(block.text)}</h3>;
    case 'paragraph':
      return <p key={key}>{inline(block.text)}</p>;
    case 'list': {
      const items = block.items.map((item, i) => <li key={i}>{inline(item)}</li>);
      return block.ordered ? <ol key={key}>{items}</ol> : <ul key={key}>{items}</ul>;
    }
  }
}

/** One line of a model's words. */
export function inline(text: string): ComponentChildren[] {
  return text.split(MARKED).map((part, i) => {
    if (/^`[^`]+`$/.test(part)) return <code key={i}>{part.slice(1, -1)}</code>;
    if (/^\*\*[^*]+\*\*$/.test(part)) return <strong key={i}>{part.slice(2, -2)}</strong>;
    return /^\*[^*]+\*$/.test(part) ? <em key={i}>{part.slice(1, -1)}</em> : part;
  });
}
