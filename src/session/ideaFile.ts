import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import * as z from 'zod';
import { type Assessment, Idea } from '../domain/idea.ts';
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
  const front = stringify({ id, title, hypothesis, scores, novelty });
  const plan = idea.plan.map((step, i) => `${i + 1}. ${step}`).join('\n');
  const sections = [
    ['Method', idea.method],
    ['Rationale', idea.rationale],
    ['Plan', plan],
    ...(idea.assessment ? assessmentSections(idea.assessment, scores) : []),
  ].filter(([, text]) => text !== '');
  return `---\n${front}---\n${sections.map(([heading, text]) => `\n## ${heading}\n\n${text}\n`).join('')}`;
}

/** What was thought of an idea, for a person to read: nothing reads it back. */
function assessmentSections(assessment: Assessment, scores: Idea['scores']): [string, string][] {
  const { reasons, cites, closest, implies, ablations, risks, weak } = assessment;
  const facts = [
    `Metric: ${implies.metric}`,
    implies.minimumEffect === null ? '' : `Smallest gain worth having: ${implies.minimumEffect}`,
    implies.seeds === null ? '' : `Seeds: ${implies.seeds}`,
    `Cost: ${implies.cost}`,
  ];
  const scored = Object.entries(reasons).map(
    ([name, why]) => `${name} ${scores?.[name as keyof typeof reasons] ?? ''}: ${why}`,
  );
  return [
    ['Measurement', listed(facts)],
    ['Ablations', listed(ablations)],
    ['Risks', listed(risks)],
    ['Weak', listed(weak)],
    ['Scores', listed(scored)],
    ['Closest works', listed(closest.map((work) => `${work.title} (${work.id}): ${work.differs}`))],
    ['Rests on', listed(cites.map((work) => `${work.title} (${work.id})`))],
  ];
}

function listed(lines: readonly string[]): string {
  return lines
    .filter((line) => line !== '')
    .map((line) => `- ${line}`)
    .join('\n');
}

/** @throws SessionError `bad-input` naming the file and what it lacks */
export async function readIdeaFile(file: string): Promise<Idea> {
  return parseIdea(await readIdeaText(file), file);
}

/** @throws SessionError `bad-input` where there is nothing to read */
export async function readIdeaText(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new SessionError('bad-input', `${file}: cannot be read; name an idea's Markdown file.`, { cause });
  });
  if (text.trim() !== '') return text;
  throw new SessionError('bad-input', `${file} is empty: write your idea into it, in your own words.`);
}

/** Whether a text is in the tool's form, and not a researcher's own words. */
export function hasFrontMatter(text: string): boolean {
  return FRONT.test(text);
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
