import type { Answer, Measured } from './measure.ts';
import type { Outcome } from './types.ts';

/** What speaks against this outcome; nothing when the answer fits. */
export function mismatches(outcome: Outcome, answer: Answer): string[] {
  const found: string[] = [];
  const exits = outcome.exit ?? (answer.json?.verdict === 'invalid' ? [3] : [0]);
  if (answer.exit === null || !exits.includes(answer.exit)) found.push(`exit ${answer.exit}, expected ${exits}`);
  if (outcome.noRuns && answer.runs > 0) found.push(`${answer.runs} runs, expected none`);
  if (outcome.says && !outcome.says.test(answer.words)) found.push(`says ${answer.words}`);
  if (outcome.says && /\n\s+at .*:\d+:\d+/.test(answer.words)) found.push('shows a stack trace');
  if (!exits.includes(2)) {
    if (answer.json === null) found.push(answer.words);
    else
      found.push(...verdicts(outcome, answer.json), ...checks(outcome, answer.json), ...scores(outcome, answer.json));
  }
  return found;
}

/** `name:kind` of every check that failed. */
export function failedChecks(json: Measured): string[] {
  const failed = json.checks.filter(({ passed }) => passed === false).map(({ name, kind }) => `${name}:${kind}`);
  return [...new Set(failed)];
}

function verdicts(outcome: Outcome, json: Measured): string[] {
  const found: string[] = [];
  if (outcome.verdict && !outcome.verdict.includes(json.verdict)) {
    found.push(`verdict ${json.verdict}, expected ${outcome.verdict.join(' or ')}`);
  }
  for (const [revision, allowed] of Object.entries(outcome.variants ?? {})) {
    const got = json.variants.find((variant) => variant.revision === revision)?.verdict;
    if (got === undefined || !allowed.includes(got))
      found.push(`${revision}: ${got}, expected ${allowed.join(' or ')}`);
  }
  if (outcome.metric && json.metric !== outcome.metric) found.push(`metric ${json.metric}`);
  if (outcome.goal && json.goal !== outcome.goal) found.push(`goal ${json.goal}`);
  const tried = typeof json.tried === 'number' ? json.tried : JSON.stringify(json.tried);
  if (outcome.tried !== undefined && tried !== outcome.tried) found.push(`tried ${tried}, expected ${outcome.tried}`);
  return found;
}

function checks(outcome: Outcome, json: Measured): string[] {
  const failed = failedChecks(json);
  const found = (outcome.failed ?? []).filter((name) => !failed.includes(name)).map((name) => `${name} did not fail`);
  const oneOf = outcome.failedOneOf;
  if (oneOf && !oneOf.some((name) => failed.includes(name))) found.push(`none of ${oneOf.join(', ')} failed`);
  for (const name of outcome.notFailed ?? []) {
    if (failed.some((check) => check === name || check.split(':')[0] === name)) found.push(`${name} failed`);
  }
  found.push(...states(outcome, json));
  const voids = failed.filter((name) => name.endsWith(':void'));
  if (outcome.noVoid && voids.length > 0) found.push(`${voids.join(', ')} failed`);
  if (outcome.someVoid && voids.length === 0) found.push('no void check failed');
  return found;
}

/** Which checks must say that they passed, and which must not. */
function states(outcome: Outcome, json: Measured): string[] {
  const found: string[] = [];
  for (const name of outcome.passed ?? []) {
    if (!json.checks.some((check) => check.name === name && check.passed === true)) found.push(`${name} did not pass`);
  }
  for (const name of outcome.notPassed ?? []) {
    const states = json.checks.filter((check) => check.name === name);
    if (states.length === 0) found.push(`${name} is not in the list`);
    if (states.some((check) => check.passed === true)) found.push(`${name} passed`);
  }
  return found;
}

function scores(outcome: Outcome, json: Measured): string[] {
  const found: string[] = [];
  const all = json.variants.flatMap(({ values }) => values);
  const known = all.filter((value) => value !== null);
  const { below, above } = outcome;
  if (below !== undefined && known.some((value) => value >= below))
    found.push(`a variant scored ${Math.max(...known)}`);
  if (above !== undefined && known.some((value) => value < above)) found.push(`a variant scored ${Math.min(...known)}`);
  const difference = json.variants[0]?.difference;
  if (outcome.n !== undefined && difference?.n !== outcome.n) found.push(`n ${difference?.n}, expected ${outcome.n}`);
  const p = Number(difference?.p);
  if (outcome.p !== undefined && !(Math.abs(p - outcome.p) < 1e-9)) found.push(`p ${p}, expected ${outcome.p}`);
  if (outcome.lostSeed && !all.includes(null)) found.push('the lost seed is not null in `values`');
  return found;
}
