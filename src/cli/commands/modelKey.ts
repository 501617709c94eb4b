import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { OPENAI } from '../../domain/keyNames.ts';
import { keepKey, keyFile } from '../keyFile.ts';
import { UsageError } from '../usageError.ts';

interface KeyOptions {
  baseUrl?: string;
}

/** Keeps a key: typed unseen at a terminal, or read from what is piped in. It never stands among the words of a command. */
export async function setKey(options: KeyOptions): Promise<void> {
  const baseUrl = endpointOf(options);
  const key = (await (process.stdin.isTTY ? typed(`Key for ${baseUrl}: `) : piped())).trim();
  if (key === '')
    throw new UsageError('No key was given: type it, or pipe it in, as in: pass show openai | mlr models key set.');
  if (/[^\x21-\x7e]/.test(key))
    throw new UsageError('What was given holds characters that no key has: give the key alone, on one line.');
  const host = await keepKey(baseUrl, key);
  process.stdout.write(`The key for ${host} is kept in ${keyFile()}, which you alone can read.\n`);
}

export async function removeKey(options: KeyOptions): Promise<void> {
  const host = await keepKey(endpointOf(options), null);
  process.stdout.write(`No key for ${host} is kept any more.\n`);
}

function endpointOf({ baseUrl }: KeyOptions): string {
  return baseUrl ?? process.env.MLR_BASE_URL ?? process.env.OPENAI_BASE_URL ?? OPENAI;
}

function typed(prompt: string): Promise<string> {
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: unseen, terminal: true });
  process.stderr.write(prompt);
  return new Promise((resolve, reject) => {
    let answer: string | undefined;
    lines.once('line', (line) => {
      answer = line;
      lines.close();
    });
    lines.once('close', () => {
      process.stderr.write('\n');
      if (answer === undefined) reject(new UsageError('No key was given, and nothing was changed.'));
      else resolve(answer);
    });
  });
}

async function piped(): Promise<string> {
  let text = '';
  for await (const piece of process.stdin) text += String(piece);
  return text;
}
