import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { mlr, type Said, start, startAtTerminal } from './commandLine.ts';

const KEY = 'sk-a-key-that-nobody-sees-0123456789';

let cwd: string;
let file: string;
beforeEach(() => {
  cwd = mkdtempSync(path.join(tmpdir(), 'mlr-key-'));
  file = path.join(cwd, 'config', 'mlr', 'keys.json');
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const around = () => ({ cwd, env: { XDG_CONFIG_HOME: path.join(cwd, 'config') } });

async function setKey(text: string, ...words: string[]): Promise<Said> {
  const { process, ended } = start(['models', 'key', 'set', ...words], around());
  process.stdin.end(text);
  return await ended;
}

const everyWord = ({ out, err }: Said) => out + err;

describe('a key of the command line', () => {
  test('is read from what is piped in, kept where its owner alone can read, and named by its host', async () => {
    const said = await setKey(`${KEY}\n`, '--base-url', 'https://example.org/v1');
    expect(said).toMatchObject({ code: 0, err: '' });
    expect(said.out).toContain('The key for example.org is kept');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ 'example.org': KEY });
    const listed = await mlr(['models', '--model', 'm', '--base-url', 'https://example.org/v1'], around());
    expect(listed.out).toContain('key from MLR_API_KEY@example.org');
    expect(everyWord(said) + everyWord(listed)).not.toContain(KEY);
  });

  test('is typed unseen at a terminal', async () => {
    const { process, said, ended } = startAtTerminal(['models', 'key', 'set'], around());
    await expect.poll(() => said.out, { timeout: 20_000 }).toContain('Key for https://api.openai.com/v1:');
    process.stdin.write(`${KEY}\n`);
    expect((await ended).code).toBe(0);
    expect(everyWord(said)).not.toContain(KEY);
    expect(readFileSync(file, 'utf8')).toContain(KEY);
  });

  test('in a file that others can read is refused with the way out, and never told', async () => {
    await setKey(KEY);
    chmodSync(file, 0o644);
    const said = await mlr(['models'], around());
    expect(said).toMatchObject({ code: 2, out: '' });
    expect(said.err).toBe(`mlr: ${file} holds keys and others may read it (0644): chmod 600 ${file}, or remove it.\n`);
  });

  test('can be removed, the others stay', async () => {
    await setKey(KEY);
    await setKey(`${KEY}2`, '--base-url', 'https://example.org/v1');
    await mlr(['models', 'key', 'remove'], around());
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ 'example.org': `${KEY}2` });
  });

  test.each([
    ['', 'No key was given'],
    ['two words', 'holds characters that no key has'],
  ])('%j is refused, and nothing is written', async (text, sentence) => {
    const said = await setKey(text);
    expect(said.code).toBe(2);
    expect(said.err).toContain(sentence);
    expect(() => statSync(file)).toThrow('ENOENT');
  });
});
