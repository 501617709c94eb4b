import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { mlr } from './commandLine.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(path.join(tmpdir(), 'mlr-data-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const NPZ = `
import struct, zipfile
header = b"{'descr': '|u1', 'fortran_order': False, 'shape': (3, 2), }\\n"
with zipfile.ZipFile("train.npz", "w") as archive:
    archive.writestr("images.npy", b"\\x93NUMPY\\x01\\x00" + struct.pack("<H", len(header)) + header + bytes([0, 1, 2, 3, 4, 9]))
`;
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

test('the built command line profiles an archive of arrays, whose reader it brings along', async () => {
  execFileSync('/usr/bin/env', ['python3', '-c', NPZ], { cwd });
  const { code, out } = await mlr(['data', 'train.npz'], { cwd });
  expect(out).toMatch(/3 rows|3 x 2/);
  expect(out).not.toContain('no whole archive');
  expect(code).toBe(0);
});

test('the built command line profiles folders of images', async () => {
  for (const kind of ['pore', 'ring']) {
    mkdirSync(path.join(cwd, 'scans', kind), { recursive: true });
    for (const name of ['a', 'b']) {
      const more = `${kind}${name}`;
      writeFileSync(
        path.join(cwd, 'scans', kind, `${name}.png`),
        Buffer.concat([Buffer.from(PIXEL, 'base64'), Buffer.from(more)]),
      );
    }
  }
  const { code, out } = await mlr(['data', 'scans'], { cwd });
  expect(out).toMatch(/1 ?[x×] ?1/);
  expect(code).toBe(0);
});
