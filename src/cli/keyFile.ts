import { chmod, mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import * as z from 'zod';
import { ANY_KEY, hostOfKeptKey, isOfModel, keptKeyName } from '../domain/keyNames.ts';
import { UsageError } from './usageError.ts';

/** A key for each host. */
const Keys = z.record(z.string(), z.string());
type Keys = z.infer<typeof Keys>;

/** Where keys are kept that a person does not want in the environment. */
export function keyFile(environment: NodeJS.ProcessEnv = process.env): string {
  return path.join(environment.XDG_CONFIG_HOME || path.join(homedir(), '.config'), 'mlr', 'keys.json');
}

/** A key by its name: of the environment, or one that is kept for a host. What stands in MLR_API_KEY goes before those.
 *  @throws UsageError where the file can be read by others, or cannot be read */
export async function secret(name: string): Promise<string | null> {
  const host = hostOfKeptKey(name);
  if (host === null) return process.env[name] ?? null;
  return process.env[ANY_KEY] && isOfModel(name) ? null : ((await readKeys())[host] ?? null);
}

/** The names of the keys that are kept. @throws UsageError */
export async function keptKeyNames(): Promise<string[]> {
  return Object.keys(await readKeys()).map((host) => `${ANY_KEY}@${host}`);
}

/** Keeps a key for the host of an endpoint, or removes it (null), in a file that its owner alone can read.
 *  @returns the host
 *  @throws UsageError */
export async function keepKey(baseUrl: string, key: string | null): Promise<string> {
  const host = hostOfKeptKey(keptKeyName(baseUrl) ?? '');
  if (!host)
    throw new UsageError(`"${baseUrl}" is no URL: name the endpoint as in --base-url https://api.openai.com/v1.`);
  const { [host]: _, ...others } = await readKeys();
  await writeKeys(key === null ? others : { ...others, [host]: key });
  return host;
}

async function readKeys(): Promise<Keys> {
  const file = keyFile();
  let text: string;
  try {
    const { mode } = await stat(file);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      const rights = (mode & 0o777).toString(8).padStart(4, '0');
      throw new UsageError(`${file} holds keys and others may read it (${rights}): chmod 600 ${file}, or remove it.`);
    }
    text = await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return {};
    throw error;
  }
  return parsed(file, text);
}

/** What is wrong is not quoted: it may be a key. */
function parsed(file: string, text: string): Keys {
  try {
    return Keys.parse(JSON.parse(text));
  } catch (error) {
    const message = `${file} is no JSON object of hosts with their keys: mend it, or remove it and run mlr models key set.`;
    throw new UsageError(message, { cause: error });
  }
}

async function writeKeys(keys: Keys): Promise<void> {
  const file = keyFile();
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const unfinished = `${file}.${process.pid}`;
  await writeFile(unfinished, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 });
  // The mode of a file that is there already is not changed by writing it.
  await chmod(unfinished, 0o600);
  await rename(unfinished, file);
}
