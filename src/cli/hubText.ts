import pc from 'picocolors';
import type { FoundOnHub, HubEntry } from '../domain/hub.ts';

/** Models or data sets with their facts, how they fit, and the code that loads the best of them. */
export function hubText({ entries }: FoundOnHub): string {
  const [best] = entries;
  if (!best) return 'Nothing was found.\n';
  const code = best.code.replace(/^/gm, '     ').trimEnd();
  return `${entries.map(entryText).join('')}\n${pc.bold(`To load ${best.id}`)}\n${code}\n`;
}

function entryText(entry: HubEntry, at: number): string {
  const { id, source, tasks, licence, gated, parameters, bytes, rows, downloads, metrics, fit } = entry;
  const facts = [
    tasks.join(', '),
    parameters === null ? '' : `${inShort(parameters)} parameters`,
    rows === null ? '' : `${rows} rows`,
    bytes === null ? '' : sizeInWords(bytes),
    licence === null ? 'no licence named' : licence,
    gated ? 'its owner must be asked' : '',
    downloads === null ? '' : `${inShort(downloads)} downloads`,
    source === 'local' ? 'on this machine' : '',
  ];
  const [claim] = metrics;
  const lines = [
    facts.filter((fact) => fact !== '').join(', '),
    ...(claim ? [`its card claims ${claim.metric} ${claim.value} on ${claim.dataset}`] : []),
    ...(fit ? [`${fit.verdict}: ${fit.why}`] : []),
  ];
  const told = lines.map((line) => `     ${shown(line)}\n`).join('');
  return `${`${at + 1}.`.padStart(4)} ${pc.bold(id)}\n${told}`;
}

function sizeInWords(bytes: number): string {
  const [unit, name] = bytes < 2 ** 30 ? [2 ** 20, 'MiB'] : [2 ** 30, 'GiB'];
  return `${(bytes / unit).toFixed(bytes / unit < 10 ? 1 : 0)} ${name}`;
}

function inShort(count: number): string {
  return new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 }).format(count);
}

/** Other people's words go to a terminal without what would steer it. */
export function shown(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}
