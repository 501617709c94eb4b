import pc from 'picocolors';
import { hostOfKeptKey } from '../../domain/keyNames.ts';
import { lentModelId } from '../../domain/lentModel.ts';
import { knownInWords, servedInWords } from '../../domain/modelInWords.ts';
import { type ChosenModel, findModels, type ModelsHere } from '../../engine/models.ts';
import { keptKeyNames, keyFile } from '../keyFile.ts';
import { printJson } from '../print.ts';
import { type CommonOptions, modelChoice } from './options.ts';

/** What there is to think with, and which of it is chosen. */
export async function models(options: CommonOptions & { model?: string; baseUrl?: string }): Promise<void> {
  const found = await findModels(modelChoice(options), process.env, await keptKeyNames());
  if (options.json) printJson(found);
  else process.stdout.write(modelsText(found));
}

export function modelsText({ chosen, keys, servers, priced }: ModelsHere): string {
  const parts = [
    section('Chosen', chosen ? [chosenLine(chosen)] : ['none; set MLR_MODEL and MLR_BASE_URL, as below']),
    section('Keys', keys.length === 0 ? ['none'] : keys.map(keyLine)),
    ...servers.map(({ name, baseUrl, models }) =>
      section(
        `${name} at ${baseUrl}, free`,
        models.length === 0 ? ['it serves no model'] : columns(models.map((one) => [one.id, servedInWords(one)])),
      ),
    ),
    ...(servers.length === 0
      ? [section('Servers on this machine', ['none at the usual ports of Ollama, LM Studio, vLLM and llama.cpp'])]
      : []),
    ...[...new Set(priced.map(({ baseUrl }) => baseUrl))].map((baseUrl) =>
      section(
        `Known at ${baseUrl}`,
        columns(priced.filter((one) => one.baseUrl === baseUrl).map((one) => [one.model, knownInWords(one)])),
      ),
    ),
  ];
  return parts.join('\n');
}

function section(title: string, lines: readonly string[]): string {
  return `${pc.bold(title)}\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, words]) => `${name.padEnd(width)}  ${words}`);
}

function chosenLine(chosen: ChosenModel): string {
  if (lentModelId(chosen.model) !== null)
    return `${chosen.model}, which an editor lends: only sessions in VS Code have it`;
  const { model, baseUrl, key, local, proxy } = chosen;
  const without = local ? 'needs no key' : 'no key: mlr models key set, or MLR_API_KEY';
  const asked = key === null ? without : `key from ${key}`;
  const through = proxy === undefined ? '' : `, through the proxy ${proxy}`;
  return `${model} at ${baseUrl}, ${knownInWords(chosen)}, ${asked}${through}`;
}

function keyLine({ name, baseUrl }: ModelsHere['keys'][number]): string {
  const host = hostOfKeptKey(name);
  if (host !== null) return `${host}, kept in ${keyFile()}`;
  return baseUrl === null ? `${name}, for the endpoint that is set` : `${name}, for ${baseUrl}`;
}
