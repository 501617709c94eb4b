import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { type Plant, plants } from './plants.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const configs = ['.dependency-cruiser.cjs', '.gitignore', 'biome.json', 'knip.json', 'package.json', 'tsconfig.json'];
const steps = ['types', 'lint', 'layering', 'house', 'unused'] as const;
const copies: string[] = [];

afterAll(async () => {
  for (const copy of copies) await rm(copy, { recursive: true, force: true });
});

describe.each(steps)('npm run check, step %s', (step) => {
  const printed = plantAll(step).then((copy) => check(copy, step));

  it.each(plants.filter((plant) => plant.step === step))('finds $rule in $file', async ({ rule, file }) => {
    const { output, code } = await printed;
    expect(lineOf(output, file, rule), output).toBeDefined();
    expect(code).toBe(1);
  });

  it('fails when it looked at nothing', async () => {
    const { output, code } = await check(await copyOf([]), step);
    expect(output).toMatch(/looked at 0 \w+/);
    expect(code).toBe(1);
  });
});

describe('every rule that is switched on has a planted violation', () => {
  const planted = (step: Plant['step']): Set<string> =>
    new Set(plants.filter((plant) => plant.step === step).map(({ option, rule }) => option ?? rule));

  it('of tsconfig.json', async () => {
    const { compilerOptions } = JSON.parse(await readFile(join(root, 'tsconfig.json'), 'utf8'));
    // How modules are found and written, not what is an error.
    const silent = [
      'isolatedModules',
      'allowImportingTsExtensions',
      'esModuleInterop',
      'skipLibCheck',
      'noEmit',
      'resolveJsonModule',
    ];
    const on = Object.keys(compilerOptions).filter((name) => compilerOptions[name] === true && !silent.includes(name));
    expect(planted('types')).toEqual(new Set([...on, 'no-floating-promises']));
  });

  it('of biome.json', async () => {
    const { linter } = JSON.parse(await readFile(join(root, 'biome.json'), 'utf8'));
    const { preset: _recommended, ...groups } = linter.rules;
    const on = Object.entries<object>(groups).flatMap(([group, rules]) =>
      Object.keys(rules).map((rule) => `lint/${group}/${rule}`),
    );
    expect([...planted('lint')]).toEqual(expect.arrayContaining(on));
  });

  it('of .dependency-cruiser.cjs', () => {
    const { forbidden } = createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs'));
    expect(planted('layering')).toEqual(new Set(forbidden.map(({ name }: { name: string }) => name)));
  });

  it('of the house rules', async () => {
    const files = ['house.mjs', 'errorRules.mjs'].map((name) => readFile(join(root, 'scripts/check', name), 'utf8'));
    const source = (await Promise.all(files)).join('\n');
    const named = [...source.matchAll(/(?:rule: |report\(node, )'([\w-]+)'/g)].map(([, name]) => name);
    expect(planted('house')).toEqual(new Set(named));
  });

  it('of knip.json', async () => {
    const { include } = JSON.parse(await readFile(join(root, 'knip.json'), 'utf8'));
    // knip.json says `dependencies` for both kinds; everything here is a devDependency.
    const found = include.map((type: string) => (type === 'dependencies' ? 'devDependencies' : type));
    expect(planted('unused')).toEqual(new Set(found));
  });
});

/** Copies the project and plants everything that the step must find. */
async function plantAll(step: Plant['step']): Promise<string> {
  const copy = await copyOf(['src']);
  for (const { file, text, also, edit } of plants.filter((plant) => plant.step === step)) {
    const files = { ...also, ...(text === undefined ? {} : { [file]: text }) };
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(copy, path)), { recursive: true });
      await writeFile(join(copy, path), content);
    }
    if (edit) await change(join(copy, edit.file), edit.find, edit.put);
  }
  return copy;
}

async function change(path: string, find: string, put: string): Promise<void> {
  const before = await readFile(path, 'utf8');
  expect(before).toContain(find);
  await writeFile(
    path,
    before.replace(find, () => put),
  );
}

async function copyOf(folders: string[]): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'mlr-planted-'));
  copies.push(copy);
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction');
  for (const name of [...configs, ...folders]) await cp(join(root, name), join(copy, name), { recursive: true });
  return copy;
}

function check(copy: string, step: Plant['step']): Promise<{ output: string; code: number }> {
  const argv = [join(root, 'scripts/check.mjs'), '--root', copy, step];
  return new Promise((done) => {
    execFile(process.execPath, argv, { maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      done({ output: stdout + stderr, code: typeof error?.code === 'number' ? error.code : 0 });
    });
  });
}

function lineOf(output: string, file: string, rule: string): string | undefined {
  return output.split('\n').find((line) => line.trim().startsWith(file) && line.includes(` ${rule}:`));
}
