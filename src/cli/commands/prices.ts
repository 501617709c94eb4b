import pc from 'picocolors';
import { beginPrices, listPrices, type Prices } from '../../engine/models.ts';
import { printJson } from '../print.ts';
import { type CommonOptions, modelChoice } from './options.ts';

/** What models cost as far as it is known, from when and where, and the file of one's own prices. */
export async function prices(
  options: CommonOptions & { model?: string; baseUrl?: string; write?: boolean },
): Promise<void> {
  if (options.write) await beginPrices(modelChoice(options));
  const table = await listPrices();
  if (options.json) printJson(table);
  else process.stdout.write(pricesText(table));
}

export function pricesText({ file, providers }: Prices): string {
  const known = providers.map(({ host, dated, source, models }) => {
    const width = Math.max(...Object.keys(models).map((name) => name.length));
    const lines = Object.entries(models).map(([name, entry]) => `  ${name.padEnd(width)}  ${entryInWords(entry)}\n`);
    return `${pc.bold(host)}, ${dated}${source === undefined ? '' : `, ${source}`}\n${lines.join('')}`;
  });
  const own = `Yours go before these: ${file} (mlr models prices --write begins it).\n`;
  return `US dollars per million tokens\n\n${known.join('\n')}\n${own}`;
}

type Entry = Prices['providers'][number]['models'][string];

function entryInWords({ input, cached, write, output, above }: Entry): string {
  if (input === undefined || output === undefined) return 'price unknown';
  const parts = [`${input} in`, ...(cached === undefined ? [] : [`${cached} cached`])];
  const written = write === undefined ? [] : [`${write} into the cache`];
  const more = above ? `; above ${above.promptTokens} prompt tokens ${above.input} in, ${above.output} out` : '';
  return `${[...parts, ...written, `${output} out`].join(', ')}${more}`;
}
