import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import type { Arm } from '../domain/evidence.ts';
import type { Binding } from '../domain/run.ts';
import type { RunPorts } from './armRuns.ts';
import { isWithin } from './contractPaths.ts';
import { LARGEST_LABELS, shuffleColumn } from './shuffledLabels.ts';

/** The file of the contract's `labels`, with the labels permuted by a key: what an arm is shown in its place.
 *  @returns the binding, or in words why there is none */
export async function shuffledLabelFile(
  ports: RunPorts & { repository: { folder: string } },
  arm: Arm,
  key: string,
): Promise<Binding | { why: string }> {
  const { contract, arms, workspace, session, repository } = ports;
  if (contract.labels === undefined) return { why: 'the contract names no `labels`' };
  const { column } = contract.labels;
  const as = contract.labels.file.replace(/^\.\//, '');
  const input = arms.inputs.find((one) => isWithin(as, one.as));
  const from = input
    ? join(input.from, as.slice(input.as.length))
    : join(await arms.source(arm), repository.folder, as);
  const kind = await stat(from).catch(() => null);
  if (!kind?.isFile()) return { why: `\`labels.file\` ${as} is no file of ${arm.name}` };
  if (kind.size > LARGEST_LABELS) return { why: `${as} is larger than ${LARGEST_LABELS / 2 ** 20} MiB` };
  const owner = input ? 'shared' : arm.tree;
  const target = join(workspace, '.mlr', 'sessions', session, 'shuffled', `${key}-${owner}${extname(as)}`);
  if (!existsSync(target)) {
    const made = shuffleColumn(await readFile(from, 'utf8'), extname(as).toLowerCase(), column, key);
    if ('why' in made) return { why: `${as} cannot be shuffled: ${made.why}` };
    await mkdir(dirname(target), { recursive: true });
    await writeFile(`${target}.draft`, made.text);
    await rename(`${target}.draft`, target);
  }
  return { from: target, as };
}

/** What a run sees when it is trained on other labels: the same inputs, with one file replaced. */
export function withLabels(inputs: readonly Binding[], labels: Binding): Binding[] {
  return [...inputs.filter(({ as }) => as !== labels.as), labels];
}
