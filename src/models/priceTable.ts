import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { ModelError } from './modelError.ts';
import { ownFile } from './ownFile.ts';
import builtIn from './prices.json';

const usd = z.number().nonnegative();

/** US dollars per million tokens. */
const tariff = {
  /** Of a prompt's tokens. */
  input: usd,
  /** Of those that the endpoint had in its cache; absent where they cost as much as others. */
  cached: usd.optional(),
  /** Of those that it puts there. Endpoints do not say which they are, so all that did not come from the cache count. */
  write: usd.optional(),
  output: usd,
};
const Tariff = z.strictObject(tariff);
export type Tariff = z.infer<typeof Tariff>;

const Entry = z
  .strictObject({
    /** Most tokens that a request and its answer may hold together. */
    context: z.number().int().positive().optional(),
    ...Tariff.partial().shape,
    /** What holds for the whole of a request with a longer prompt than this. */
    above: z.strictObject({ promptTokens: z.number().int().positive(), ...tariff }).optional(),
  })
  .refine(({ input, output }) => (input === undefined) === (output === undefined), {
    message: 'a price has both `input` and `output`',
  });

const PriceTable = z.strictObject({
  providers: z.array(
    z.strictObject({
      /** As it stands in the base URL, with its port where that names one. */
      host: z.string().min(1),
      /** The day on which these prices held (ISO 8601). */
      dated: z.iso.date(),
      source: z.string().optional(),
      models: z.record(z.string(), Entry),
    }),
  ),
});
export type PriceTable = z.infer<typeof PriceTable>;

/** A researcher's own prices, which go before those built in. */
export function priceFile(environment: NodeJS.ProcessEnv = process.env): string {
  return ownFile('prices.json', environment);
}

/** Both tables, the file's first; a file that is not there changes nothing.
 *  @throws ModelError `prices` with the place in the file */
export async function readPrices(file = priceFile()): Promise<PriceTable> {
  const known = PriceTable.parse(builtIn);
  const text = await textOf(file);
  return text === null ? known : { providers: [...parsed(file, text).providers, ...known.providers] };
}

async function textOf(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw wrong(`${file}: it cannot be read (${code})`, error);
  }
}

function parsed(file: string, text: string): PriceTable {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw wrong(`${file}: no valid JSON (${(error as Error).message})`, error);
  }
  const { data, error } = PriceTable.safeParse(value);
  if (data) return data;
  const issue = error.issues[0];
  throw wrong(`${file}: \`${issue?.path.join('.') || 'its top'}\`: ${issue?.message}`, error);
}

function wrong(what: string, cause: unknown): ModelError {
  return new ModelError('prices', `${what}; mend it, or remove the file to use the prices built in.`, { cause });
}
