import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import * as z from 'zod';
import { Idea } from '../domain/idea.ts';
import { SessionError } from './errors.ts';

const FRONT = /^---\r?\n([\s\S]*?)\r?\n---\r?\n?/;

/** What a person must write at the least; the rest has an honest default. */
const Brought = z.object({
  id: z.string().optional(),
  title: z.string().min(1),
  hypothesis: z.string().min(1),
  scores: Idea.shape.scores.default(null),
  novelty: Idea.shape.novelty.default({ closest: [], verdict: 'not checked' }),
});

/** An idea as a Markdown file with front matter: what a program reads on top, what a person edits below. */
export function ideaMarkdown(idea: Idea): string {
  const { id, title, hypothesis, scores, novelty } = idea;
  const plan = idea.plan.map((step, i) => `${i + 1}. ${step}`).join('\n');
  return `---\n${stringify({ id, title, hypothesis, scores, novelty })}---\n\n## Method\n\n${idea.method}\n\n## Rationale\n\n${idea.rationale}\n\n## Plan\n\n${plan}\n`;
}

/** @throws SessionError `bad-input` naming the file and what it lacks */
export async function readIdeaFile(file: string): Promise<Idea> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new SessionError('bad-input', `${file}: cannot be read; name an idea's Markdown file.`, { cause });
  });
  return parseIdea(text, file);
}

/** @throws SessionError `bad-input` naming the file and what it lacks */
export function parseIdea(text: string, file: string): Idea {
  const front = FRONT.exec(text);
  const wayOut = 'begin the file with --- and lines for title: and hypothesis:, then ---';
  if (!front) throw new SessionError('bad-input', `${file}:1: no front matter found; ${wayOut}.`);
  const brought = Brought.safeParse(yamlOf(front[1] ?? '', file));
  if (!brought.success) {
    const missing = brought.error.issues.map((issue) => `\`${issue.path.join('.')}\` ${issue.message}`).join('; ');
    throw new SessionError('bad-input', `${file}: ${missing}; ${wayOut}.`);
  }
  const body = text.slice(front[0].length);
  const plan = sectionOf(body, 'Plan')
    .split('\n')
    .map((line) => line.replace(/^\s*(\d+[.)]|[-*])\s+/, '').trim())
    .filter((line) => line !== '');
  const method = sectionOf(body, 'Method') || body.trim() || brought.data.hypothesis;
  return {
    ...brought.data,
    id: brought.data.id ?? slug(path.basename(file, path.extname(file))),
    method,
    rationale: sectionOf(body, 'Rationale'),
    plan: plan.length > 0 ? plan : [method],
  };
}

/** A name for branches and files: lower case letters, digits and dashes. */
export function slug(text: string): string {
  const plain = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return plain.slice(0, 40).replace(/-+$/, '') || 'idea';
}

function yamlOf(text: string, file: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    throw new SessionError(
      'bad-input',
      `${file}: its front matter is no YAML (${(cause as Error).message.split('\n')[0]}).`,
      { cause },
    );
  }
}

function sectionOf(body: string, heading: string): string {
  const found = new RegExp(`^## ${heading}\\s*\\n([\\s\\S]*?)(?=^## |$(?![\\s\\S]))`, 'm').exec(body);
  return (found?.[1] ?? '').trim();
}
