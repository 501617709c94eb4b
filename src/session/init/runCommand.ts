import { posix } from 'node:path';
import type { ScriptOption } from '../../workspace/scriptFacts.ts';
import { moduleOf, type Survey, type SurveyedScript } from '../../workspace/survey.ts';

/** How a script is started for one seed, and what of it the script does not take as an argument. */
export interface RunCommand {
  readonly words: string;
  readonly why: string;
  /** The script has an argument for its seed, for where it writes. */
  readonly takesSeed: boolean;
  readonly takesOut: boolean;
}

const SEED = /^-*(?:random[-_])?(?:seed|random[-_]state|rng)$/i;
const OUT =
  /^-*(?:\w+[-_])?(?:out|output|outdir|save|results?|predictions?|preds?|submission)(?:[-_](?:dir|path|folder|file|csv))?$/i;
const ONE_FILE = /file|csv|predictions?$|preds?$|submission$/i;

/** @param config the text of hydra's configuration, where the script has one */
export function runCommand(script: SurveyedScript, survey: Survey, config: string | null): RunCommand {
  const place = moduleOf(script.path, survey.paths);
  const path = place && place.root !== '.' ? `env PYTHONPATH=${place.root} ` : '';
  const python = place ? `${path}python3 -m ${place.module}` : `python3 ${word(script.path)}`;
  if (script.style === 'hydra') return hydraCommand(script, python, config ?? '');
  const command = commandOf(script, python);
  return place ? { ...command, why: `${command.why} It is started as a module of its package.` } : command;
}

function commandOf(script: SurveyedScript, python: string): RunCommand {
  const seed = script.options.find(({ flag }) => SEED.test(flag));
  const out = script.options.find(({ flag }) => OUT.test(flag));
  const words = script.options.flatMap((option) => {
    if (option === seed) return [withValue(option.flag, '{seed}')];
    return option === out ? [withValue(option.flag, outWord(option.flag))] : [];
  });
  const others = script.options.filter((one) => one !== seed && one !== out).map(({ flag }) => flag);
  return {
    words: [python, ...words].join(' '),
    why: `${whatIsRead(script, seed ?? out)}${whatLacks(seed, out)}${leftAlone(others)}.`,
    takesSeed: seed !== undefined,
    takesOut: out !== undefined,
  };
}

function whatIsRead({ path, style, options }: SurveyedScript, first: ScriptOption | undefined): string {
  if (options.length === 0) return `${path} takes no arguments`;
  return `${path} reads its arguments with ${style}${first ? ` (line ${first.line})` : ''}`;
}

function whatLacks(seed: ScriptOption | undefined, out: ScriptOption | undefined): string {
  const lacks = [...(seed ? [] : ['none for a seed']), ...(out ? [] : ['none for where it writes'])];
  return lacks.length > 0 ? `, ${lacks.join(' and ')}, so it has to use MLR_SEED and MLR_OUT` : '';
}

function leftAlone(others: readonly string[]): string {
  return others.length > 0 ? `; left at their defaults: ${others.slice(0, 8).join(', ')}` : '';
}

function withValue(flag: string, value: string): string {
  return flag.startsWith('-') ? `${flag} ${value}` : value;
}

function hydraCommand(script: SurveyedScript, python: string, config: string): RunCommand {
  const keys = config.split('\n').flatMap((line) => /^(\w+)\s*:/.exec(line)?.[1] ?? []);
  const seed = keys.find((key) => SEED.test(key));
  const out = keys.find((key) => OUT.test(key));
  const name = script.config ? posix.join(script.config.folder, `${script.config.name}.yaml`) : 'its configuration';
  const found = [...(seed ? [`\`${seed}\``] : []), ...(out ? [`\`${out}\``] : [])].join(' and ');
  const words = [
    python,
    seed ? `${seed}={seed}` : '+seed={seed}',
    ...(out ? [`${out}={out}`] : []),
    'hydra.run.dir={out}/hydra',
  ];
  return {
    words: words.join(' '),
    why: `${script.path} uses hydra; ${found === '' ? `${name} has no key for a seed or an output folder` : `${name} has ${found}`}. Hydra's own logs go below {out} too, as nothing else may be written.`,
    takesSeed: seed !== undefined,
    takesOut: out !== undefined,
  };
}

function outWord(flag: string): string {
  return ONE_FILE.test(flag) ? '{out}/predictions.csv' : '{out}';
}

function word(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path}'`;
}
