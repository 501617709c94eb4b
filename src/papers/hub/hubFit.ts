import type { HubEntry, HubFit, Room } from '../../domain/hub.ts';

/** Bytes a parameter for training in full precision with Adam: weights and gradients 4 each, its two moments 8.
 *  Source: https://huggingface.co/docs/transformers/model_memory_anatomy */
const TRAINING = 16;

/** What activations and the library take beside the weights, at least. A share of the weights. */
const BESIDE = 0.2;

/** Whether a model or a data set can be used here; null where its size is unknown. */
export function fitOf(
  { kind, source, parameters, bytes }: Pick<HubEntry, 'kind' | 'source' | 'parameters' | 'bytes'>,
  { memory, where, disk }: Room,
): HubFit | null {
  const isHere = source === 'local';
  if (bytes !== null && bytes > disk && !isHere)
    return {
      verdict: 'too large',
      why: `${sizeInWords(bytes)} do not fit on the disk, which has ${sizeInWords(disk)} free.`,
    };
  if (kind === 'dataset')
    return bytes === null
      ? null
      : { verdict: 'fits', why: `${sizeInWords(bytes)} ${isHere ? 'are here' : 'fit on the disk'}.` };
  const weights = bytes ?? (parameters === null ? null : parameters * 4);
  if (weights === null) return null;
  const running = weights * (1 + BESIDE);
  const training = (parameters ?? weights / 4) * TRAINING * (1 + BESIDE);
  const has = `${sizeInWords(memory)} of ${where}`;
  if (training <= memory)
    return { verdict: 'trains', why: `Training takes at least ${sizeInWords(training)} of the ${has}.` };
  if (running > memory)
    return { verdict: 'too large', why: `Running takes at least ${sizeInWords(running)}, more than the ${has}.` };
  const why = `Running takes at least ${sizeInWords(running)}, training ${sizeInWords(training)}, of the ${has}.`;
  return { verdict: 'runs', why };
}

/** The best fit first: what is here, what can be used, what may be used; then as the Hub has them. */
export function byFit(entries: readonly HubEntry[]): HubEntry[] {
  return entries
    .map((entry, rank) => ({ entry, rank, cost: costOf(entry) }))
    .sort((a, b) => a.cost - b.cost || a.rank - b.rank)
    .map(({ entry }) => entry);
}

function costOf({ source, fit, gated, licence }: HubEntry): number {
  const verdict = { trains: 0, fits: 0, runs: 2, unknown: 3, 'too large': 8 }[fit?.verdict ?? 'unknown'];
  return verdict + (source === 'local' ? -1 : 0) + (gated ? 2 : 0) + (licence === null ? 1 : 0);
}

/** Bytes as people read them, in powers of 1024. */
export function sizeInWords(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  const value = bytes / 1024 ** power;
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.round(value)} ${units[power]}`;
}
