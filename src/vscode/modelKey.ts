import * as vscode from 'vscode';
import {
  ANY_KEY,
  hostOfKeptKey,
  KEY_VARIABLES,
  keptKeyName,
  OPENAI,
  PROVIDERS,
  SERVICE_KEYS,
} from '../domain/keyNames.ts';

/** A key from the editor's secret store, else from the environment. Any other name is none of an engine's business. */
export async function keyFrom(secrets: vscode.SecretStorage, name: string): Promise<string | null> {
  const host = hostOfKeptKey(name);
  const known = [...KEY_VARIABLES, ...SERVICE_KEYS.map(({ keyName }) => keyName)];
  if (host === null && !known.includes(name)) return null;
  return (await secrets.get(host === null ? name : `${ANY_KEY}@${host}`)) ?? process.env[name] ?? null;
}

/** Asks for the key of the endpoint that is set. */
export async function setModelKey(secrets: vscode.SecretStorage): Promise<void> {
  await keepKey(secrets, vscode.workspace.getConfiguration('mlr').get<string>('baseUrl', '').trim() || OPENAI);
}

/** Asks for an endpoint's key and keeps it for that host alone in the editor's secret store; an empty one removes it.
 *  @returns whether the person answered */
export async function keepKey(secrets: vscode.SecretStorage, baseUrl: string): Promise<boolean> {
  const name = keptKeyName(baseUrl);
  const host = name && hostOfKeptKey(name);
  if (!host) {
    void vscode.window.showErrorMessage(`mlr.baseUrl is no URL: ${baseUrl}. Set it to one such as ${OPENAI}.`);
    return false;
  }
  const key = await vscode.window.showInputBox({
    title: 'MLR Copilot: Set Model Key',
    prompt: `The key for ${host}. It is kept in the editor’s secret store and sent to ${host} alone; leave it empty to remove it.`,
    password: true,
    ignoreFocusOut: true,
  });
  if (key === undefined) return false;
  if (key.trim() === '') {
    await secrets.delete(name);
    // Kept for any endpoint by earlier versions.
    await secrets.delete('MLR_API_KEY');
    vscode.window.setStatusBarMessage(`MLR: the key for ${host} was removed`, 5000);
    return true;
  }
  await secrets.store(name, key.trim());
  vscode.window.setStatusBarMessage(`MLR: the key for ${host} is kept`, 5000);
  return true;
}

/** The names of keys that are kept for providers whose endpoints are known, and for the one that is set. */
export async function keptKeys(secrets: vscode.SecretStorage, baseUrl: string): Promise<string[]> {
  const names = new Set([...PROVIDERS.map((one) => one.baseUrl), baseUrl].flatMap((url) => keptKeyName(url) ?? []));
  const found = await Promise.all([...names].map(async (name) => ((await secrets.get(name)) ? [name] : [])));
  return found.flat();
}
