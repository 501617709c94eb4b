import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ModelChoice } from '../domain/event.ts';
import { OPENAI } from '../domain/keyNames.ts';
import { lentModelId } from '../domain/lentModel.ts';
import { type PriceTable, priceFile, readPrices } from '../models/priceTable.ts';

export interface Prices extends PriceTable {
  /** A researcher's own prices, which go before those built in; it need not be there. */
  readonly file: string;
}

/** All prices that hold, a researcher's own first.
 *  @throws ModelError `prices` with the place in the file */
export async function prices(environment: NodeJS.ProcessEnv = process.env): Promise<Prices> {
  const file = priceFile(environment);
  return { file, ...(await readPrices(file)) };
}

/** Writes a file of one's own prices to be edited, with a place for the model that is chosen: what it costs is not made
 *  up, so until a price is put in nobody knows it. A file that is there stays as it is.
 *  @returns its path */
export async function beginPrices(
  { model, baseUrl }: Pick<ModelChoice, 'model' | 'baseUrl'>,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const file = priceFile(environment);
  const dated = new Date().toISOString().slice(0, 10);
  const named = model !== null && lentModelId(model) === null && URL.canParse(baseUrl ?? OPENAI);
  const chosen = named ? [{ host: new URL(baseUrl ?? OPENAI).host, dated, models: { [model]: {} } }] : [];
  const table = { providers: [...chosen, EXAMPLE] } satisfies PriceTable;
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(file, `${JSON.stringify(table, null, 2)}\n`, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  return file;
}

/** Shows each key, in US dollars per million tokens; no request goes there. */
const EXAMPLE = {
  host: 'example.org',
  dated: '2026-01-31',
  source: 'an example: host of the base URL, the day and the page of the prices, US dollars per million tokens',
  models: {
    'model-name': {
      context: 128_000,
      input: 1,
      cached: 0.1,
      write: 1.25,
      output: 4,
      above: { promptTokens: 200_000, input: 2, cached: 0.2, write: 2.5, output: 8 },
    },
  },
};
