import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packTar, sizeInArchive, unpackTar } from '../../../src/evidence/tarArchive.ts';

const part = fc
  .string({ minLength: 1, maxLength: 90, unit: 'grapheme' })
  .filter((text) => !/[/\0]/.test(text) && !/^\.\.?$/.test(text));
const name = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
const content = fc.uint8Array({ maxLength: 1500 });

describe('an archive of outputs', () => {
  it('gives back every file, whatever its name and bytes, in the size that was told beforehand', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ name, content }), { maxLength: 6 }), (files) => {
        const packed = packTar(files);
        expect(unpackTar(packed).map((file) => ({ ...file, content: Uint8Array.from(file.content) }))).toEqual(files);
        const told = files.reduce((total, file) => total + sizeInArchive(file.name, file.content.length), 0);
        expect(packed.length).toBeLessThanOrEqual(told + 1024);
      }),
    );
  });

  it('is one that tar reads, long and foreign names too', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tar-test-'));
    try {
      const long = `outputs/${'ü'.repeat(80)}/${'n'.repeat(90)}.csv`;
      const files = [long, 'outputs/r/predictions.csv'].map((name) => ({ name, content: Buffer.from(`in ${name}`) }));
      writeFileSync(join(folder, 'a.tar'), packTar(files));
      execFileSync('tar', ['xf', 'a.tar'], { cwd: folder });
      for (const { name } of files) expect(readFileSync(join(folder, name), 'utf8')).toBe(`in ${name}`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('is refused where a header was altered, its end is missing, or a name leads out of its folder', () => {
    const packed = packTar([{ name: 'outputs/r/a', content: Buffer.from('1') }]);
    const altered = Buffer.from(packed);
    altered[8] = 120;
    expect(() => unpackTar(altered)).toThrow('altered');
    expect(() => unpackTar(packed.subarray(0, 512))).toThrow('torn');
    expect(() => unpackTar(packed.subarray(0, 1024))).toThrow('torn');
    for (const out of ['../a', '/etc/a', 'outputs//a', 'outputs/./a']) {
      expect(() => unpackTar(packTar([{ name: out, content: Buffer.from('1') }])), out).toThrow('no plain file');
    }
  });
});
