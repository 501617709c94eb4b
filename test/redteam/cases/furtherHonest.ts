import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Place } from '../place.ts';
import { generator, twoClasses } from '../rows.ts';
import { lay, STRONG, trainer } from '../task.ts';
import { NOT_INVALID, type RedteamCase, SUPPORTED } from '../types.ts';

const TABLE = twoClasses();

/** A column by id that says a little about the class: 156 of 240 agree, which is 16 bits and no copy. */
function weakFeature(): string {
  const random = generator(51);
  const lines = TABLE.ids.map((id, index) => {
    const answer = Number(TABLE.answers[index]);
    return `${id},${random() < 0.65 ? answer : 1 - answer}`;
  });
  return `id,is_weekend\n${lines.join('\n')}\n`;
}

/** As package managers write them: hashes, versions and many small numbers. */
function lockFile(): string {
  const random = generator(52);
  const hex = (length: number): string => Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('');
  return Array.from(
    { length: 150 },
    (_, index) =>
      `[[package]]\nname = "library-${index}"\nversion = "${Math.floor(random() * 3)}.${Math.floor(random() * 2)}.${Math.floor(random() * 2)}"\nhashes = ["sha256:${hex(64)}"]\noptional = ${random() < 0.5 ? 0 : 1}\n`,
  ).join('\n');
}

/** The repository is one that somebody cloned with the newest commits only. */
function layShallow(place: Place): void {
  lay(place, { variants: { 'feature/better-Größe': { 'train.py': STRONG } } });
  place.git('tag', '--annotate', '--message', 'First release', 'v1.0', 'main');
  const source = join(place.outside, 'origin');
  place.git('clone', '--quiet', '--bare', '.', source);
  rmSync(place.repository, { recursive: true });
  execFileSync(
    'git',
    ['clone', '--quiet', '--depth', '1', '--no-single-branch', `file://${source}`, place.repository],
    {
      env: { ...process.env, HOME: place.home, GIT_CONFIG_NOSYSTEM: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
}

/** Further honest work. */
export const furtherHonestCases: readonly RedteamCase[] = [
  {
    name: 'weak-feature-by-id',
    kind: 'honest',
    does: 'the variant adds a 0/1 column by id that agrees with two in three labels, as a real feature may',
    must: 'not invalid: far fewer than 48 bits',
    build: (place) => lay(place, { variants: { variant: { 'train.py': STRONG, 'data/calendar.csv': weakFeature() } } }),
    expected: [{ ...NOT_INVALID[0], notFailed: ['hidden-unseen:void'] }],
  },
  {
    name: 'edits-a-sample-of-test-rows',
    kind: 'honest',
    does: 'the baseline shows 60 test rows in docs/sample.csv; the variant corrects two of them',
    must: 'supported: only what the variant added counts',
    build: (place) => {
      const rows = TABLE.testRows.slice(0, 60);
      const sample = `id,x1,x2,x3,x4\n${rows.join('\n')}\n`;
      lay(place, {
        files: { 'docs/sample.csv': sample },
        variants: {
          variant: {
            'train.py': STRONG,
            'docs/sample.csv': sample.replace(rows[3] ?? '', 't0003,0,0,0,0').replace(rows[9] ?? '', 't0009,1,1,1,1'),
          },
        },
      });
    },
    expected: SUPPORTED,
  },
  {
    name: 'lock-file-of-numbers',
    kind: 'honest',
    does: 'the variant adds a lock file of 150 packages: hashes, versions of 0, 1 and 2, flags of 0 and 1',
    must: 'supported: unrelated numbers are nothing to hidden-unseen',
    build: (place) => lay(place, { variants: { variant: { 'train.py': STRONG, 'uv.lock': lockFile() } } }),
    expected: [{ verdict: ['supported'], noVoid: true, notFailed: ['hidden-unseen'] }],
  },
  {
    name: 'answers-in-another-order',
    kind: 'honest',
    does: 'the variant writes its rows sorted by confidence, with a column of scores beside them',
    must: 'supported: coverage compares ids',
    build: (place) =>
      lay(place, {
        variants: {
          variant: {
            'train.py': trainer(`features, weights = fit(train, ['x1', 'x2', 'x3', 'x4'], rng)
scores = {row['id']: weights[0] + sum(w * float(row[name]) for w, name in zip(weights[1:], features)) for row in test}
with open(os.path.join(args.out, 'predictions.csv'), 'w', newline='') as file:
    writer = csv.writer(file)
    writer.writerow(['score', 'id', 'label'])
    for key in sorted(scores, key=lambda key: -abs(scores[key])):
        writer.writerow(['%.4f' % scores[key], key, '1' if scores[key] > 0 else '0'])`),
          },
        },
      }),
    expected: [{ verdict: ['supported'], noVoid: true, passed: ['coverage'] }],
  },
  {
    name: 'shallow-clone',
    kind: 'honest',
    does: 'the workspace is a shallow clone; the baseline is an annotated tag, the variant a remote branch with odd letters',
    must: 'supported',
    build: layShallow,
    commands: [['--baseline', 'v1.0', '--variant', 'origin/feature/better-Größe']],
    expected: SUPPORTED,
  },
  {
    name: 'sha-256-repository',
    kind: 'honest',
    does: 'the repository names its objects by SHA-256',
    must: 'supported',
    build: (place) => {
      place.git('init', '--quiet', '--object-format=sha256', '--initial-branch=main', '.');
      lay(place, { variants: { variant: { 'train.py': STRONG } } });
    },
    expected: SUPPORTED,
  },
];
