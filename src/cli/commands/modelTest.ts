import { grouped } from '../../domain/costInWords.ts';
import { isSmallContext } from '../../domain/smallContext.ts';
import { testModel as tryModel } from '../../engine/models.ts';
import { secret } from '../keyFile.ts';
import { printJson } from '../print.ts';
import { type CommonOptions, modelChoice } from './options.ts';

type Tested = Awaited<ReturnType<typeof tryModel>>;

const LONGEST = 32_000;

/** Asks the chosen model real questions, and keeps what it did for all sessions. */
export async function testModel(
  options: CommonOptions & { model?: string; baseUrl?: string; longest?: number },
): Promise<void> {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const tested = await tryModel(modelChoice(options), secret, {
    longest: options.longest ?? LONGEST,
    signal: stop.signal,
    onStep: (what) => process.stderr.write(`mlr: asking for ${what}\n`),
  });
  if (options.json) printJson(tested);
  else process.stdout.write(testedText(tested));
}

export function testedText({ model, baseUrl, trial, contextTokens, file }: Tested): string {
  const { tools, edits, schema, remembers, forgets } = trial;
  const calls = {
    protocol: 'calls tools',
    words: 'calls tools when they are described in words, which is done from now on',
    none: 'calls no tools: no agent can work with it, choose another model',
  };
  const lines = [
    calls[tools],
    edits ? 'edits exactly' : 'does not edit exactly: expect refused edits',
    schema ? 'keeps to a schema' : 'does not keep to a schema: expect work that is handed in twice',
    contextWords(remembers, forgets),
    ...(isSmallContext(contextTokens) ? [SMALL_MODE] : []),
  ];
  const kept = `Kept in ${file}, and used from now on.`;
  return `${model} at ${baseUrl}\n${lines.map((line) => `  ${line}\n`).join('')}${kept}\n`;
}

const SMALL_MODE = 'works in small mode: told less at once, a paper section by section, one file a request';

function contextWords(remembers: number | null, forgets: number | null): string {
  if (remembers === null) return 'does not know the beginning of even a short prompt: no agent can work with it';
  if (forgets === null) return `knows the beginning of ${grouped(remembers)} tokens; more was not tried (--longest)`;
  return `knows the beginning of ${grouped(remembers)} tokens, and not of ${grouped(forgets)}`;
}
