import { type Contract, concealed, primaryMetric } from '../domain/contract.ts';

/** What a contract means for whoever works under it: the goal, the limits, and what nobody may touch. */
export function contractInWords(contract: Contract): string {
  const { name, goal } = primaryMetric(contract);
  const { wall, memory, cpus, gpus } = contract.budget;
  const seeds = typeof contract.seeds === 'number' ? contract.seeds : contract.seeds.length;
  const lines = [
    `Task: ${contract.task}`,
    `Primary metric: ${name}, to ${goal}. A gain below ${contract.minimum_effect} is not worth having.`,
    `One run: ${contract.run}`,
    `Pilot command: ${contract.pilot ?? 'that of one run'}`,
    `Limits of one run: ${wall} s, ${Math.round(memory / 1024 ** 2)} MiB; CPUs: ${cpus}, GPUs: ${gpus}. Seeds an arm: ${seeds}.`,
    contract.validate
      ? `What may be looked at while working: ${contract.validate}`
      : 'There is no validation command: split validation data off the training inputs.',
    named(
      'Inputs, read only',
      contract.inputs.map((input) => (typeof input === 'string' ? input : input.as)),
    ),
    named('Protected, nobody changes them', [...contract.protected, 'mlr.yaml']),
    named('Hidden, only the evaluation sees them', concealed(contract)),
    contract.network.length === 0 ? 'A run has no network.' : named('A run may reach', contract.network),
  ];
  return lines.filter((line) => line !== '').join('\n');
}

function named(what: string, names: readonly string[]): string {
  return names.length === 0 ? '' : `${what}: ${names.join(', ')}`;
}
