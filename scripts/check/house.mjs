import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { droppedErrors } from './errorRules.mjs';
import { sourcesIn } from './sources.mjs';

/** What a line or a file must not hold, and where the rule does not apply. Linters have no rule for these. */
const textRules = [
  {
    rule: 'no-leftovers',
    pattern: /\b(TODO|FIXME|XXX|HACK)\b/,
    message: 'do it or file it; a marker in the code is forgotten',
  },
  {
    rule: 'no-silenced-types',
    pattern: /@ts-(ignore|expect-error|nocheck)/,
    message: 'mend the type instead of silencing it',
  },
  {
    rule: 'git-starts-in-git',
    pattern: /\b(spawn|spawnSync|exec|execSync|execFile|execFileSync|fork)\(\s*['"`](\/\S*\/)?git\b/,
    applies: (/** @type {string} */ file) => file.startsWith('src/') && !file.startsWith('src/git/'),
    message: 'src/git/ is the one place that starts git',
  },
  {
    rule: 'waits-by-a-steady-clock',
    pattern: /\b(until|deadline|begun|askAt|\w+Since)\s*\??\??=\s*Date\.now\(\)/,
    applies: (/** @type {string} */ file) => file.startsWith('src/'),
    message: 'how long something takes is told by performance.now(): the time of day jumps',
  },
];

/** Holds one violation of every rule, as text, to see each found. */
const plants = 'test/unit/check/plants.ts';

const vagueName = /(^|\/)(index|utils?|helpers?|common|misc|shared|lib)(\/|\.[cm]?[jt]sx?$)/i;

/**
 * Checks what the linters cannot: names of files, markers, silenced types, swallowed errors, who starts git, clocks that jump.
 * @param {string} root the project's folder
 * @returns {import('./step.mjs').Outcome}
 */
export function checkHouse(root) {
  const files = ['src', 'test']
    .flatMap((folder) => sourcesIn(root, folder))
    .filter((file) => file !== plants && !file.includes('/fixtures/'));
  const problems = files.flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    return [...nameProblems(file), ...textProblems(file, text), ...droppedErrors(file, text)];
  });
  return { looked: { files: files.length }, problems };
}

/** @param {string} file */
function nameProblems(file) {
  if (!vagueName.test(file)) return [];
  const message = 'name it for the thing in it; a helper lives with the thing it helps, and there are no barrels';
  return [{ rule: 'no-vague-names', place: file, message }];
}

/** @param {string} file @param {string} text */
function textProblems(file, text) {
  return textRules.flatMap(({ rule, pattern, applies, message }) => {
    const found = (applies?.(file) ?? true) ? pattern.exec(text) : null;
    if (!found) return [];
    const line = text.slice(0, found.index).split('\n').length;
    return [{ rule, place: `${file}:${line}`, message }];
  });
}
