import { lexer, type Token } from 'marked';
import { parse } from 'yaml';
import * as z from 'zod';
import type { Paper } from '../domain/paper.ts';
import { bareHeading, isReferences } from './heading.ts';
import { PaperError } from './paperError.ts';
import { linksIn, referenceOf } from './references.ts';

const FrontMatter = z
  .object({
    title: z.string(),
    author: z.union([z.string(), z.array(z.union([z.string(), z.object({ name: z.string() })]))]),
    authors: z.union([z.string(), z.array(z.union([z.string(), z.object({ name: z.string() })]))]),
    abstract: z.string(),
  })
  .partial();
type FrontMatter = z.infer<typeof FrontMatter>;

/** The longest line that is read, in characters. */
const MAX_LINE = 10_000;

interface Part {
  heading: string;
  depth: number;
  blocks: Token[];
}

/** Reads a paper in Markdown: the title is the front matter's or the first heading, authors stand in the front matter
 *  or under the title, the abstract and the references have headings of their own. */
export function paperFromMarkdown(source: string, path: string): Paper {
  const { front, body } = splitFrontMatter(source);
  const parts = partsOf(tokensOf(body, path));
  const opening = parts.findIndex((part) => part.depth === 1);
  const titled = front.title === undefined ? parts[Math.max(0, opening)] : undefined;
  const title = front.title ?? (titled?.heading || firstWords(parts, path));
  const above = titled ?? parts.find((part) => part.heading === '');
  const abstractPart = parts.find((part) => bareHeading(part.heading) === 'abstract');
  const preamble = paragraphs(above?.blocks ?? []);
  const runIn = preamble.find((text) => /^abstract\s*[.:—-]/i.test(text));
  const isBody = (part: Part) =>
    part !== abstractPart && part !== titled && part.heading !== '' && !isReferences(part.heading);
  const sections = parts.filter(isBody).map((part) => ({ heading: part.heading, text: textOfBlocks(part.blocks) }));
  return {
    title,
    authors: authorsOf(front, preamble),
    abstract:
      front.abstract?.trim() ??
      (abstractPart ? textOfBlocks(abstractPart.blocks) : (runIn?.replace(/^abstract\s*[.:—-]+\s*/i, '') ?? '')),
    sections: sections.length > 0 ? sections : [{ heading: 'Text', text: textOfBlocks(above?.blocks ?? []) }],
    references: parts
      .filter((part) => isReferences(part.heading))
      .flatMap((part) => entriesOf(part.blocks).map(referenceOf)),
    links: [...new Set(linksIn(body))],
    pages: 0,
  };
}

/** Markdown's rules cost the square of a line's length, and its nesting the depth of the stack. */
function tokensOf(body: string, path: string): Token[] {
  const tooLong = body.split('\n').findIndex((line) => line.length > MAX_LINE);
  if (tooLong >= 0) throw unreadable(path, `a line after line ${tooLong} is longer than ${MAX_LINE} characters`);
  try {
    return lexer(body);
  } catch (cause) {
    throw unreadable(path, 'it cannot be parsed as Markdown', cause);
  }
}

function unreadable(path: string, why: string, cause?: unknown): PaperError {
  return new PaperError('unsupported', `${path}: ${why}; give the paper as plain Markdown, LaTeX or PDF.`, { cause });
}

function splitFrontMatter(source: string): { front: FrontMatter; body: string } {
  const text = source.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  const [all, yaml] = /^---\n([\s\S]*?)\n(?:---|\.\.\.)(?:\n|$)/.exec(text) ?? [];
  if (all === undefined || yaml === undefined) return { front: {}, body: text };
  const front = FrontMatter.safeParse(parsed(yaml));
  // What does not parse as front matter is a rule at the top of the text, and the text is read as it stands.
  return front.success ? { front: front.data, body: text.slice(all.length) } : { front: {}, body: text };
}

function parsed(yaml: string): unknown {
  try {
    return parse(yaml, { maxAliasCount: 10 });
  } catch {
    return null;
  }
}

function partsOf(tokens: readonly Token[]): Part[] {
  const parts: Part[] = [{ heading: '', depth: 0, blocks: [] }];
  for (const token of tokens) {
    if (token.type === 'heading') parts.push({ heading: plain(token), depth: token.depth, blocks: [] });
    else parts.at(-1)?.blocks.push(token);
  }
  return parts.filter((part) => part.heading !== '' || part.blocks.some((block) => block.type !== 'space'));
}

function authorsOf(front: FrontMatter, preamble: readonly string[]): string[] {
  const given = front.authors ?? front.author;
  if (Array.isArray(given)) return given.map((author) => (typeof author === 'string' ? author : author.name));
  const line =
    given ?? preamble.find((text) => text.length < 300 && !/[.!?]$/.test(text) && !/^abstract\b/i.test(text));
  return (line ?? '')
    .replace(/^(authors?|by)\s*:?\s+/i, '')
    .split(/,|;|&|\n|\s+and\s+/)
    .map((name) => name.replace(/[*†‡\d]+$/, '').trim())
    .filter((name) => name !== '');
}

function firstWords(parts: readonly Part[], path: string): string {
  return (
    paragraphs(parts[0]?.blocks ?? [])[0]
      ?.split('\n')[0]
      ?.slice(0, 200) ?? path
  );
}

function paragraphs(blocks: readonly Token[]): string[] {
  return blocks.filter((block) => block.type === 'paragraph').map((block) => plain(block).trim());
}

function entriesOf(blocks: readonly Token[]): string[] {
  return blocks.flatMap((block) => {
    if (block.type === 'list') return (block.items as Token[]).map((item) => plain(item).trim());
    return block.type === 'paragraph' ? plain(block).split(/\n(?=\[\w+\])/) : [];
  });
}

function textOfBlocks(blocks: readonly Token[]): string {
  return blocks
    .filter((block) => block.type !== 'space')
    .map((block) => (block.type === 'list' ? listed(block.items as Token[]) : plain(block)).trim())
    .filter((text) => text !== '')
    .join('\n\n');
}

function listed(items: readonly Token[]): string {
  return items.map((item) => `• ${plain(item).trim()}`).join('\n');
}

/** A token's words without markup; code, tables and formulas stay as they are written. */
function plain(token: Token): string {
  if (token.type === 'html') return '';
  if (token.type === 'table') return token.raw;
  if (token.type === 'br') return '\n';
  if ('tokens' in token && Array.isArray(token.tokens)) return token.tokens.map(plain).join('');
  return 'text' in token ? String(token.text) : token.raw;
}
