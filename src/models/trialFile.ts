import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { Trial } from './modelTrial.ts';
import { ownFile } from './ownFile.ts';

/** Trials by endpoint and model: what holds at one endpoint need not at another. */
const Trials = z.record(z.string(), z.record(z.string(), Trial));

interface Endpoint {
  readonly baseUrl: string;
  readonly model: string;
}

function trialFile(environment: NodeJS.ProcessEnv): string {
  return ownFile('trials.json', environment);
}

/** What a model did when it was last tried; null where it never was. A file that cannot be understood holds nothing: it
 *  is written anew by the next trial. */
export async function trialOf({ baseUrl, model }: Endpoint, environment = process.env): Promise<Trial | null> {
  return (await readTrials(trialFile(environment)))[baseUrl]?.[model] ?? null;
}

/** @returns the file */
export async function keepTrial({ baseUrl, model }: Endpoint, trial: Trial, environment = process.env) {
  const file = trialFile(environment);
  const trials = await readTrials(file);
  const kept = { ...trials, [baseUrl]: { ...trials[baseUrl], [model]: trial } };
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const unfinished = `${file}.${process.pid}`;
  await writeFile(unfinished, `${JSON.stringify(kept, null, 2)}\n`);
  await rename(unfinished, file);
  return file;
}

async function readTrials(file: string): Promise<z.infer<typeof Trials>> {
  try {
    return Trials.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || error instanceof SyntaxError || error instanceof z.ZodError)
      return {};
    throw error;
  }
}
