import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChangeError } from '../../../src/changes/changeError.ts';
import { editFile } from '../../../src/changes/editFile.ts';

const CORPUS = join(import.meta.dirname, '../../corpora/modelEdits');

type Text = string | { base64: string } | { repeat: string; times: number; then?: string };
type Answer = { applied: Text } | { refused: string | string[]; names: (string | string[])[] };

interface ModelEdit {
  readonly id: string;
  readonly kind: string;
  readonly file: { readonly name: string; readonly before: Text | null };
  readonly edit: { readonly old: string; readonly new: string; readonly cell?: number };
  readonly must: Answer | { anyOf: Answer[] };
}

const names = (await readdir(CORPUS)).filter((name) => name.endsWith('.json'));
const edits = (
  await Promise.all(names.map(async (name) => JSON.parse(await readFile(join(CORPUS, name), 'utf8')) as ModelEdit[]))
).flat();

let top = '';
beforeAll(async () => {
  top = await mkdtemp(join(tmpdir(), 'mlr-edits-'));
});
afterAll(async () => {
  await rm(top, { recursive: true, force: true });
});

describe('an edit as a model writes it', () => {
  it.each(edits)('$kind: $id', async ({ id, file, edit, must }) => {
    const root = join(top, id, 'workspace');
    const path = join(root, file.name);
    await mkdir(root, { recursive: true });
    const before = file.before === null ? null : bytesOf(file.before);
    if (before !== null) {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, before);
    }
    const refusal = await apply(root, file.name, edit);
    const after = await readFile(path).catch(() => null);
    const answers = 'anyOf' in must ? must.anyOf : [must];
    const against = answers.map((answer) => contradiction(answer, { before, after, refusal }));
    expect(against.includes(null) ? [] : against).toEqual([]);
  });
});

interface Refusal {
  readonly reason: string;
  readonly message: string;
}

async function apply(root: string, name: string, edit: ModelEdit['edit']): Promise<Refusal | null> {
  try {
    await editFile(root, name, {
      oldText: edit.old,
      newText: edit.new,
      ...(edit.cell !== undefined && { cell: edit.cell }),
    });
    return null;
  } catch (error) {
    if (error instanceof ChangeError) return { reason: error.because ?? error.reason, message: error.message };
    throw error;
  }
}

/** The corpus's reasons in the words of the code. */
const REASONS: Record<string, readonly string[]> = {
  'not-found': ['not-found', 'missing'],
  ambiguous: ['ambiguous'],
  'no-change': ['same'],
  stale: ['not-found'],
  binary: ['not-text'],
  encoding: ['not-text'],
  outside: ['outside', 'forbidden'],
  'too-large': ['too-large'],
};

/** What speaks against an answer; null where it is what happened. */
function contradiction(
  answer: Answer,
  { before, after, refusal }: { before: Buffer | null; after: Buffer | null; refusal: Refusal | null },
): string | null {
  if ('applied' in answer) {
    if (refusal !== null) return `refused (${refusal.reason}): ${refusal.message}`;
    const wanted = bytesOf(answer.applied);
    return after?.equals(wanted)
      ? null
      : `became ${JSON.stringify(after?.toString('utf8').slice(0, 3_000))}, not ${JSON.stringify(wanted.toString('utf8').slice(0, 3_000))}`;
  }
  if (refusal === null) return `applied: ${JSON.stringify(after?.toString('utf8').slice(0, 3_000))}`;
  if (!(before === null ? after === null : after?.equals(before))) return 'refused, and the file is another';
  const reasons = [answer.refused].flat();
  if (!reasons.includes('any') && !reasons.some((reason) => REASONS[reason]?.includes(refusal.reason)))
    return `refused as ${refusal.reason}, not ${reasons.join(' or ')}: ${refusal.message}`;
  const lacks = answer.names.filter((name) => ![name].flat().some((one) => holds(refusal.message, one)));
  return lacks.length === 0 ? null : `the message lacks ${JSON.stringify(lacks)}: ${refusal.message}`;
}

function holds(message: string, word: string): boolean {
  return new RegExp(`(?<![\\w])${word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w])`).test(message);
}

function bytesOf(text: Text): Buffer {
  if (typeof text === 'string') return Buffer.from(text, 'utf8');
  if ('base64' in text) return Buffer.from(text.base64, 'base64');
  return Buffer.from(text.repeat.repeat(text.times) + (text.then ?? ''), 'utf8');
}
