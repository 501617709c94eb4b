import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callersOf, searchIndex } from '../../../src/workspace/symbols/searchIndex.ts';
import { MAGIC, type SegmentHeader, SYMBOL_BYTES, TRAILER } from '../../../src/workspace/symbols/segmentFormat.ts';
import { walkFiles } from '../../../src/workspace/symbols/walkFiles.ts';
import { WorkspaceIndex } from '../../../src/workspace/symbols/workspaceIndex.ts';

let root: string;
let notices: string[];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'mlr-index-'));
  notices = [];
  write('model.py', 'def forward(x):\n    """Gives the logits of a batch."""\n    return embed(x)\n');
  write('lib/layers.py', 'def embed(x):\n    """Looks up the vectors of tokens."""\n    return x\n');
});
afterEach(() => rm(root, { recursive: true }));

function write(path: string, text: string | Buffer): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
const opened = () => WorkspaceIndex.open(root, { notice: (sentence) => notices.push(sentence) });
const namesIn = (index: WorkspaceIndex): string[] =>
  [...index.files()].flatMap(({ facts }) => facts.symbols.map(({ name }) => name)).filter((name) => name !== '');
const segments = (): string[] =>
  readdirSync(join(root, '.mlr', 'index'))
    .filter((name) => name.endsWith('.segment'))
    .map((name) => join(root, '.mlr', 'index', name));

/** What a work leaves behind in the index, told by a new process's first look. */
async function leftBy(work: (index: WorkspaceIndex) => Promise<unknown>): Promise<string[]> {
  const index = await opened();
  await work(index);
  index.close();
  const again = await opened();
  const names = namesIn(again);
  again.close();
  return names;
}

describe('the update of named files', () => {
  it('takes up an edit, and looks at no other file', async () => {
    const names = await leftBy(async (index) => {
      await index.update();
      write('model.py', 'def forward_twice(x):\n    return x\n');
      write('lib/layers.py', 'def unseen():\n    return 1\n');
      expect((await index.updateAt(['model.py'])).parsed).toBe(1);
      expect(searchIndex(index.store, 'forward twice')[0]?.name).toBe('forward_twice');
      expect(searchIndex(index.store, 'logits')).toEqual([]);
      expect(callersOf(index.store, 'embed')).toEqual([]);
    });
    expect(names).toEqual(['embed', 'forward_twice']);
  });

  it('forgets a file or a folder that is no more', async () => {
    const names = await leftBy(async (index) => {
      await index.update();
      rmSync(join(root, 'lib'), { recursive: true });
      await index.updateAt(['lib']);
      expect(searchIndex(index.store, 'vectors of tokens')).toEqual([]);
    });
    expect(names).toEqual(['forward']);
  });

  it('takes up the files of a new folder', async () => {
    write('fresh/deep/one.py', 'def one(): pass\n');
    expect(await leftBy((index) => index.updateAt(['fresh']))).toEqual(['one']);
  });

  it('honours ignored files and folders, and stays within the workspace', async () => {
    write('.gitignore', 'secret.py\nbuild/\n');
    write('secret.py', 'def secret(): pass\n');
    write('build/made.py', 'def made(): pass\n');
    write('node_modules/other.py', 'def other(): pass\n');
    const outside = ['secret.py', 'build/made.py', 'node_modules/other.py', '../model.py', '/model.py', 'gone.py', ''];
    expect(await leftBy((index) => index.updateAt(outside))).toEqual([]);
  });
});

describe('the index on disk', () => {
  it('is read again without parsing, as long as files hold what they held', async () => {
    await leftBy((index) => index.update());
    const index = await opened();
    expect((await index.update()).parsed).toBe(0);
    utimesSync(join(root, 'model.py'), 1, 1);
    await index.update();
    expect((await index.update()).parsed).toBe(0);
    index.close();
    expect(notices).toEqual([]);
  });

  it('puts the segments of many edits together, and loses nothing', async () => {
    const names = await leftBy(async (index) => {
      await index.update();
      for (let i = 0; i < 60; i += 1) {
        write(`lib/edit${i % 5}.py`, `def edit_${i}():\n    return embed(${i})\n`);
        await index.updateAt([`lib/edit${i % 5}.py`]);
      }
      rmSync(join(root, 'model.py'));
      await index.updateAt(['model.py']);
      for (let i = 60; i < 100; i += 1) {
        appendFileSync(join(root, 'lib/layers.py'), `# ${i}\n`);
        await index.updateAt(['lib/layers.py']);
      }
      expect(callersOf(index.store, 'embed')).toHaveLength(5);
      expect(searchIndex(index.store, 'vectors of tokens')[0]?.name).toBe('embed');
    });
    expect(names.sort()).toEqual(['edit_55', 'edit_56', 'edit_57', 'edit_58', 'edit_59', 'embed']);
    expect(segments().length).toBeLessThan(30);
  });

  it('frees large segments of which most is no more, and loses nothing', async () => {
    const many = (name: string, count: number): string =>
      Array.from({ length: count }, (_, i) => `def ${name}_${i}(): pass\n`).join('');
    const names = await leftBy(async (index) => {
      for (let i = 0; i < 7; i += 1) {
        write(`old${i}/large.py`, many(`large_${i}`, 500));
        write(`old${i}/small.py`, many(`small_${i}`, 20));
        await index.updateAt([`old${i}`]);
      }
      for (let i = 0; i < 7; i += 1) {
        write(`old${i}/large.py`, many(`left_${i}`, 1));
        await index.updateAt([`old${i}/large.py`]);
      }
      expect(searchIndex(index.store, 'small_3_7')[0]?.path).toBe('old3/small.py');
      expect(searchIndex(index.store, 'large_3_7').filter(({ name }) => name.startsWith('large'))).toEqual([]);
    });
    expect(names.filter((name) => name.startsWith('left'))).toHaveLength(7);
    expect(names.filter((name) => name.startsWith('small'))).toHaveLength(140);
    expect(names).toHaveLength(147);
    const large = segments().filter((file) => readFileSync(file).length > 20_000);
    expect(large.length).toBeLessThan(3);
  });

  it.each<[string, (file: string) => void]>([
    ['is cut short', (file) => truncateSync(file, readFileSync(file).length - 5)],
    ['is empty', (file) => truncateSync(file, 0)],
    ['holds something else', (file) => writeFileSync(file, 'no index at all'.repeat(1000))],
    ['has a wrong letter in its header', (file) => flip(file, -40)],
  ])('is made anew with one line where a file of it %s', async (_, damage) => {
    await leftBy((index) => index.update());
    for (const file of segments()) damage(file);
    const index = await opened();
    expect((await index.update()).parsed).toBe(2);
    expect(namesIn(index)).toEqual(['embed', 'forward']);
    index.close();
    expect(notices).toEqual([expect.stringMatching(/1\.segment is damaged \(.+\): its files are read anew\.$/)]);
  });

  it('drops with one line what turns out to be damaged when it is read, and goes on', async () => {
    await leftBy((index) => index.update());
    for (const file of segments()) writeFileSync(file, readFileSync(file).fill(255, 0, 300));
    const index = await opened();
    expect(namesIn(index)).toEqual([]);
    expect(notices).toEqual([
      expect.stringMatching(/^Segment 1 of the index is damaged \(.+\): its files are read anew\.$/),
    ]);
    await index.update();
    expect(namesIn(index)).toEqual(['embed', 'forward']);
    index.close();
  });

  it('drops with one line a segment whose records seem to be gigabytes long', async () => {
    await leftBy((index) => index.update());
    for (const file of segments()) writeFileSync(file, withWildPlaces(readFileSync(file)));
    const index = await opened();
    expect(searchIndex(index.store, 'vectors of tokens')).toEqual([]);
    expect(notices).toEqual([expect.stringContaining('damaged (it ends too early): its files are read anew.')]);
    expect((await index.update()).parsed).toBe(2);
    expect(searchIndex(index.store, 'vectors of tokens')[0]?.name).toBe('embed');
    index.close();
  });

  it('takes no notice of what a writer left half written, nor of an older index', async () => {
    await leftBy((index) => index.update());
    for (const name of ['9.segment.new', 'index.db']) write(join('.mlr', 'index', name), 'half');
    const index = await opened();
    expect([(await index.update()).parsed, namesIn(index).length]).toEqual([0, 2]);
    index.close();
    expect(readdirSync(join(root, '.mlr', 'index'))).toEqual(['1.segment']);
  });
});

describe('a file that cannot be indexed', () => {
  it.each<[string, string | Buffer, RegExp]>([
    ['50 MB', Buffer.alloc(50_000_000, 'x = 1\n'), /larger than 1\.5 MB/],
    ['a line of 10 MB', `x = "${'a'.repeat(10_000_000)}"\n`, /larger than 1\.5 MB/],
    ['a line of 1 MB', `x = "${'a'.repeat(1_000_000)}"\n`, /a line of more than 100000 characters/],
    ['no text', Buffer.from([0, 1, 2, 0]), /it is no text/],
  ])('is left out with the reason: %s', async (_, content, why) => {
    write('odd.py', content);
    const index = await opened();
    await index.update();
    expect(index.store.problems()).toEqual([{ path: 'odd.py', problem: expect.stringMatching(why) }]);
    expect(namesIn(index)).toEqual(['embed', 'forward']);
    index.close();
  });

  it.each<[string, string | Buffer, string[]]>([
    ['Python 2', 'print "old"\ndef old():\n    print >>f, "x"\n', ['old']],
    [
      'a syntax error in the middle',
      'def whole():\n    return 1\n\ndef torn(:\n    pass\n\ndef rest():\n    return 2\n',
      ['whole', 'rest'],
    ],
    ['UTF-16', Buffer.from('\ufeffdef wide():\n    return 1\n', 'utf16le'), ['wide']],
  ])('gives what it has: %s', async (_, content, names) => {
    write('odd.py', content);
    const index = await opened();
    await index.updateAt(['odd.py']);
    expect(namesIn(index)).toEqual(expect.arrayContaining(names));
    index.close();
  });

  it('does not lead into a loop of links, nor to what a link names', async () => {
    symlinkSync('.', join(root, 'loop'));
    symlinkSync('there.py', join(root, 'here.py'));
    symlinkSync('here.py', join(root, 'there.py'));
    symlinkSync('model.py', join(root, 'again.py'));
    const index = await opened();
    await index.update();
    await index.updateAt(['loop', 'loop/model.py', 'here.py', 'again.py']);
    expect(namesIn(index)).toEqual(['embed', 'forward']);
    expect(index.store.problems()).toEqual([]);
    index.close();
  });

  it('may change while it is read', async () => {
    const index = await opened();
    const writing = setInterval(
      () => write('busy.py', `def busy():\n    return 1\n${'#'.repeat(Math.random() * 5000)}\n`),
      1,
    );
    for (let i = 0; i < 10; i += 1) await index.update();
    clearInterval(writing);
    write('busy.py', 'def calm():\n    return 2\n');
    await index.update();
    expect(namesIn(index)).toEqual(['calm', 'embed', 'forward']);
    index.close();
  });
});

it('lets others come in between where a folder holds thousands of files that are not indexed', () => {
  for (let i = 0; i < 3000; i += 1) write(`scans/${i}.png`, '');
  expect([...walkFiles(root)].filter((file) => file === null).length).toBeGreaterThanOrEqual(3);
});

it('says the line of an import', async () => {
  write('train.py', '"""Trains."""\n\nimport json\nfrom lib.layers import (\n    embed)\n');
  const index = await opened();
  await index.update();
  const facts = [...index.files()].find(({ path }) => path === 'train.py')?.facts;
  expect(facts?.imports.map(({ line, text }) => `${line}: ${text}`)).toEqual([
    '3: import json',
    '4: from lib.layers import ( embed)',
  ]);
  index.close();
});

/** A segment whose table says of every record that it begins and ends at four gigabytes. */
function withWildPlaces(bytes: Buffer): Buffer {
  const end = bytes.length - TRAILER;
  const header: SegmentHeader = JSON.parse(bytes.toString('utf8', end - bytes.readUInt32LE(end + MAGIC.length), end));
  for (let at = header.at.symbols; at < header.at.postings; at += SYMBOL_BYTES) bytes.fill(255, at, at + 8);
  return bytes;
}

/** @param at from the end where it is negative */
function flip(file: string, at: number): void {
  const bytes = readFileSync(file);
  const place = at < 0 ? bytes.length + at : at;
  bytes[place] = (bytes[place] ?? 0) ^ 1;
  writeFileSync(file, bytes);
}

it('knows the classes and functions of JavaScript and of TypeScript', async () => {
  write('a.js', 'class Plain { run() {} }\nexport const arrow = () => new Plain();\n');
  write(
    'b.ts',
    'interface Shape { x: number }\nabstract class Base {}\nclass Round extends Base {}\nfunction f(): void {}\n',
  );
  const index = await opened();
  await index.updateAt(['a.js', 'b.ts']);
  expect(namesIn(index)).toEqual(['Plain', 'Plain.run', 'arrow', 'Shape', 'Base', 'Round', 'f']);
  expect(callersOf(index.store, 'Plain').map(({ name }) => name)).toEqual(['arrow']);
  index.close();
});
