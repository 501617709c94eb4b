import type { Node } from 'web-tree-sitter';
import { withPython } from './outline.ts';
import { type Score, scoresIn } from './scriptScores.ts';

export interface ScriptOption {
  /** As it is typed: `--seed`; a name without dashes is given by its position. */
  readonly flag: string;
  /** From 1. */
  readonly line: number;
}

/** What a Python script says about itself: how it is started, what it reads, whether it scores itself. */
export interface ScriptFacts {
  readonly style: 'argparse' | 'click' | 'typer' | 'hydra' | 'plain';
  readonly options: readonly ScriptOption[];
  /** Where hydra's configuration lies, relative to the script. */
  readonly config: { readonly folder: string; readonly name: string } | null;
  /** Names of files in the text, with the line they stand in. */
  readonly files: readonly { readonly name: string; readonly line: number }[];
  readonly scores: readonly Score[];
  /** Lines that fix a seed by a number. */
  readonly seeds: readonly number[];
  /** Line of the first print of something that is called like a metric. */
  readonly prints: { readonly metric: string; readonly line: number } | null;
  /** Names of the modules imported, without what follows a dot. */
  readonly imports: readonly string[];
  readonly isProgram: boolean;
}

const FILE = /^[^\s{}*<>|:]+\.(?:csv|tsv|jsonl?|npz|npy|parquet|txt|pkl|pt|h5)$/i;
const SEED =
  /(?:\b(?:seed|manual_seed|Random|default_rng|RandomState)\(\s*\d+\s*\)|^\s*(?:seed|SEED|RANDOM_STATE)\s*=\s*\d+)/;
const METRIC =
  /\b(accuracy|acc|f1|rmse|mse|mae|auc|loss|perplexity|silhouette|inertia|spearman|pearson|r2|bleu|score)\b/i;

/** Reads a script's text; code that does not parse gives what can be seen all the same. */
export async function scriptFacts(source: string): Promise<ScriptFacts> {
  return withPython(source, (root) => {
    const calls = root.descendantsOfType('call').filter((node) => node !== null);
    const lines = source.split('\n');
    const style = styleOf(source);
    return {
      style,
      options: optionsOf(style, root, calls),
      config: style === 'hydra' ? configOf(source) : null,
      files: filesIn(root),
      scores: scoresIn(root),
      seeds: lines.flatMap((line, index) => (SEED.test(line) ? [index + 1] : [])),
      prints: printsOf(calls),
      imports: importsOf(root),
      isProgram: style !== 'plain' || /__name__\s*==|^[\w.]+\(/m.test(source) || !/^\s*(?:def|class)\s/m.test(source),
    };
  });
}

function styleOf(source: string): ScriptFacts['style'] {
  if (/@hydra\.main\b/.test(source)) return 'hydra';
  if (/@click\.(?:command|option)\b/.test(source)) return 'click';
  if (/\btyper\.(?:run|Typer)\b/.test(source)) return 'typer';
  return /\bArgumentParser\(/.test(source) ? 'argparse' : 'plain';
}

function optionsOf(style: ScriptFacts['style'], root: Node, calls: readonly Node[]): ScriptOption[] {
  if (style === 'typer') return typerOptions(root);
  const wanted = style === 'click' ? /^click\.(?:option|argument)$/ : /\.add_argument$/;
  return calls
    .filter((call) => wanted.test(call.childForFieldName('function')?.text ?? ''))
    .flatMap((call) => {
      const names = (call.childForFieldName('arguments')?.namedChildren ?? [])
        .filter((node) => node?.type === 'string')
        .map((node) => unquoted(node?.text ?? ''));
      const flag = names.find((name) => name.startsWith('--')) ?? names[0];
      return flag === undefined ? [] : [{ flag, line: call.startPosition.row + 1 }];
    });
}

/** The parameters of the function that typer runs; those with a default are options. */
function typerOptions(root: Node): ScriptOption[] {
  const main = root
    .descendantsOfType('function_definition')
    .find((node) => node?.childForFieldName('name')?.text === 'main');
  return (main?.childForFieldName('parameters')?.namedChildren ?? []).flatMap((node) => {
    if (node === null) return [];
    const name = node.childForFieldName('name')?.text ?? node.namedChildren[0]?.text ?? node.text;
    const optional = node.type.includes('default');
    const flag = optional ? `--${name.replaceAll('_', '-')}` : name;
    return [{ flag, line: node.startPosition.row + 1 }];
  });
}

function configOf(source: string): ScriptFacts['config'] {
  const folder = /config_path\s*=\s*["']([^"']*)["']/.exec(source)?.[1] ?? '.';
  const name = /config_name\s*=\s*["']([^"']*)["']/.exec(source)?.[1];
  return name === undefined ? null : { folder, name: name.replace(/\.ya?ml$/, '') };
}

function filesIn(root: Node): ScriptFacts['files'] {
  return root.descendantsOfType('string').flatMap((node) => {
    const name = unquoted(node?.text ?? '');
    return node && FILE.test(name) ? [{ name, line: node.startPosition.row + 1 }] : [];
  });
}

function printsOf(calls: readonly Node[]): ScriptFacts['prints'] {
  for (const call of calls) {
    const called = call.childForFieldName('function')?.text ?? '';
    if (!/^(?:print|click\.echo|typer\.echo|log(?:ger|ging)?\.info)$/.test(called)) continue;
    const metric = METRIC.exec(call.text)?.[1];
    if (metric !== undefined) return { metric: metric.toLowerCase(), line: call.startPosition.row + 1 };
  }
  return null;
}

function importsOf(root: Node): string[] {
  const names = root.descendantsOfType(['import_statement', 'import_from_statement']).flatMap((node) => {
    const text = node?.text ?? '';
    const from = /^from\s+([\w.]+)/.exec(text)?.[1];
    const plain = text
      .replace(/^import\s+/, '')
      .split(',')
      .map((part) => part.trim().split(/[\s.]/)[0] ?? '');
    return from === undefined ? plain : [from.split('.')[0] ?? ''];
  });
  return [...new Set(names.filter((name) => name !== ''))];
}

function unquoted(text: string): string {
  return text.replace(/^[rbuf]*(["']{3}|["'])/i, '').replace(/(["']{3}|["'])$/, '');
}
