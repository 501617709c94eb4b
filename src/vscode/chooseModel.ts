import * as vscode from 'vscode';
import { OPENAI, PROVIDERS } from '../domain/keyNames.ts';
import { lentModelName } from '../domain/lentModel.ts';
import { knownInWords, servedInWords } from '../domain/modelInWords.ts';
import { findModels, type ModelsHere } from '../engine/models.ts';
import { editorModels } from './lentModels.ts';
import { keepKey, keptKeys } from './modelKey.ts';
import { localOnly } from './settings.ts';

interface Chosen {
  readonly model: string;
  /** '' for OpenAI itself, and where the editor lends the model. */
  readonly baseUrl: string;
}

interface Entry extends vscode.QuickPickItem {
  readonly chosen?: Chosen;
  /** Another provider, or an endpoint of one's own (null). */
  readonly asks?: { readonly baseUrl: string | null };
}

/** Whoever chooses can wait for a server that is slow to answer; one that is not there costs nothing. Milliseconds. */
const PATIENCE = 2_000;

const TITLE = 'MLR Copilot: Choose Model';

/** Shows what there is to think with, and keeps the choice in the user's own settings: no repository makes it. */
export async function chooseModel(secrets: vscode.SecretStorage): Promise<void> {
  const settings = vscode.workspace.getConfiguration('mlr');
  const current = { model: settings.get<string>('model', '').trim(), baseUrl: settings.get<string>('baseUrl', '') };
  const picked = await vscode.window.showQuickPick(entries(secrets, current), {
    title: TITLE,
    placeHolder: 'Which language model shall think?',
    matchOnDescription: true,
    matchOnDetail: true,
  });
  const chosen = picked?.asks ? await askProvider(secrets, picked.asks.baseUrl) : picked?.chosen;
  if (!chosen) return;
  await settings.update('baseUrl', chosen.baseUrl || undefined, vscode.ConfigurationTarget.Global);
  await settings.update('model', chosen.model, vscode.ConfigurationTarget.Global);
  vscode.window.setStatusBarMessage(`MLR: ${chosen.model} thinks from now on`, 5000);
}

async function entries(secrets: vscode.SecretStorage, current: Chosen): Promise<Entry[]> {
  const kept = await keptKeys(secrets, current.baseUrl || OPENAI);
  const [here, lent] = await Promise.all([
    findModels({ model: null, baseUrl: null }, process.env, kept, PATIENCE),
    editorModels.models(),
  ]);
  const local = section('On this machine', here.servers.flatMap(servedEntries), 'nothing leaves it');
  if ((vscode.workspace.workspaceFolders ?? []).some(localOnly)) return marked(onlyLocal(local), current);
  const editor = lent.map(({ id, name, contextTokens }) => ({
    label: name,
    description: lentModelName(id),
    detail: `${knownInWords({ contextTokens, price: null, local: false })}, needs no key`,
    chosen: { model: lentModelName(id), baseUrl: '' },
  }));
  const known = here.priced.map((one) => ({
    label: one.model,
    description: providerAt(one.baseUrl),
    detail: knownInWords(one),
    chosen: { model: one.model, baseUrl: one.baseUrl === OPENAI ? '' : one.baseUrl },
  }));
  const all = [...section('Models of this editor', editor), ...local, ...section('With keys you have', known)];
  return marked([...all, ...section('Others', otherEntries(here))], current);
}

function servedEntries({ name, baseUrl, models }: ModelsHere['servers'][number]): Entry[] {
  return models.map((one) => ({
    label: one.id,
    description: `${name} at ${new URL(baseUrl).host}`,
    detail: `${servedInWords(one)}, free`,
    chosen: { model: one.id, baseUrl },
  }));
}

function otherEntries({ keys }: ModelsHere): Entry[] {
  const providers = PROVIDERS.map(({ name, baseUrl }) => ({
    label: `$(key) ${name}…`,
    description: keys.some((key) => key.baseUrl === baseUrl) ? 'a model by its name' : 'asks for a key',
    asks: { baseUrl },
  }));
  const own = { label: '$(globe) Another Endpoint…', description: 'any that speaks OpenAI’s protocol' };
  return [...providers, { ...own, asks: { baseUrl: null } }];
}

/** Where nothing may leave this machine, what is elsewhere is not offered, and that is said. */
function onlyLocal(local: readonly Entry[]): Entry[] {
  if (local.length > 0) return [...local];
  const label = '$(lock) No server answers on this machine';
  const detail = 'Local only is on (mlr.localOnly): start Ollama, LM Studio, vLLM or llama.cpp, or switch it off.';
  return [{ label, detail }];
}

function section(title: string, found: readonly Entry[], about?: string): Entry[] {
  const label = about === undefined ? title : `${title}: ${about}`;
  return found.length === 0 ? [] : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...found];
}

function marked(all: readonly Entry[], { model, baseUrl }: Chosen): Entry[] {
  return all.map((entry) => {
    const is = entry.chosen?.model === model && entry.chosen.baseUrl === baseUrl;
    return is ? { ...entry, label: `$(check) ${entry.label}` } : entry;
  });
}

function providerAt(baseUrl: string): string {
  return PROVIDERS.find((one) => one.baseUrl === baseUrl)?.name ?? new URL(baseUrl).host;
}

/** A provider's key, where there is none yet, and the name of one of its models. */
async function askProvider(secrets: vscode.SecretStorage, known: string | null): Promise<Chosen | undefined> {
  const baseUrl = known ?? (await askBaseUrl());
  if (baseUrl === undefined) return undefined;
  const there = await findModels({ model: 'any', baseUrl }, process.env, await keptKeys(secrets, baseUrl));
  const needsKey = there.chosen?.key === null && !there.chosen.local;
  if (needsKey && !(await keepKey(secrets, baseUrl))) return undefined;
  const model = await vscode.window.showInputBox({
    title: TITLE,
    prompt: `The model’s name, as ${providerAt(baseUrl)} calls it.`,
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === '' ? 'A model has a name.' : undefined),
  });
  return model === undefined ? undefined : { model: model.trim(), baseUrl: baseUrl === OPENAI ? '' : baseUrl };
}

async function askBaseUrl(): Promise<string | undefined> {
  const baseUrl = await vscode.window.showInputBox({
    title: TITLE,
    prompt: 'The endpoint’s base URL; it usually ends in /v1.',
    placeHolder: 'https://example.org/v1',
    ignoreFocusOut: true,
    validateInput: (text) =>
      /^https?:\/\/\S+$/.test(text.trim()) && URL.canParse(text.trim()) ? undefined : 'No URL yet.',
  });
  return baseUrl?.trim().replace(/\/+$/, '');
}
