import pc from 'picocolors';
import type { ColumnProfile, Count, DataProfile, FolderProfile, TableProfile } from '../engine/dataProfiles.ts';

/** Columns of one table that are shown; `--json` gives all. */
const MOST_COLUMNS = 40;
const MOST_CLASSES = 30;
const WIDEST = { name: 24, says: 72 };

/** A profile as tables for a person. */
export function dataText({ files, shared, leftOut }: DataProfile): string {
  const parts = files.map((file) => {
    if (file.kind === 'unreadable') return `${pc.bold(file.path)}\n  ${pc.yellow(file.why)}`;
    return file.kind === 'folder' ? folderText(file) : tableText(file);
  });
  if (shared.length > 0) parts.push(sharedText(shared));
  return `${[...parts, ...leftOut.map((what) => pc.yellow(what))].join('\n\n')}\n`;
}

function tableText(table: TableProfile): string {
  const { path, format, bytes, sha256, rows, complete, columns, array } = table;
  const shape = array ? `, ${array.type} of shape ${array.shape.join(' × ') || 'one value'}` : '';
  const size = `${group(rows)} rows${complete ? '' : ' up to where it breaks off'} × ${columns.length} columns`;
  const shown = columns.slice(0, MOST_COLUMNS);
  const width = Math.min(WIDEST.name, Math.max(6, ...shown.map(({ name }) => name.length)));
  const lines = shown.map((column) => columnLine(column, width, rows));
  if (columns.length > shown.length) lines.push(pc.dim(`  and ${columns.length - shown.length} more columns (--json)`));
  return [
    `${pc.bold(path)}  ${size}${pc.dim(`  ${format}${shape}, ${bytesInWords(bytes)}, sha256 ${sha256.slice(0, 12)}`)}`,
    ...(columns.length === 0 ? [] : [pc.dim(`  ${'column'.padEnd(width)}  type     missing  distinct  holds`)]),
    ...lines,
    ...repeatedLine(table),
    ...notesOf(table),
  ].join('\n');
}

function columnLine(column: ColumnProfile, width: number, rows: number): string {
  const { name, type, missing, distinct } = column;
  const share = missing === 0 ? '–' : percent(missing, rows);
  const cells = [cut(name, width).padEnd(width), type.padEnd(7), share.padStart(8), countOf(distinct).padStart(9)];
  return `  ${cells.join('  ')}  ${cut(saysOf(column, rows), WIDEST.says)}`;
}

/** What a column holds, in a few words: its classes, else its range, else its lengths. */
function saysOf({ numbers, dates, lengths, values, type }: ColumnProfile, rows: number): string {
  const most = type === 'integer' ? 10 : 20;
  const isClass = values !== null && values.length > 1 && values.length <= Math.min(most, rows / 2);
  if (isClass && type !== 'number')
    return values.map(({ value, count }) => `${value} ${percent(count, rows)}`).join(', ');
  if (values?.length === 1) return `always ${values[0]?.value}`;
  if (numbers) {
    const { min, max, mean, deviation } = numbers;
    return `${number(min)} to ${number(max)}, mean ${number(mean)}, deviation ${number(deviation)}`;
  }
  if (dates) return `${dates.first} to ${dates.last}`;
  return lengths ? `${lengths.min} to ${group(lengths.max)} characters` : '';
}

function repeatedLine({ duplicates, duplicatesApartFromIds, rows }: TableProfile): string[] {
  const apart = duplicatesApartFromIds;
  const words = duplicates.value === 0 ? 'no row repeats another' : `${countOf(duplicates)} rows repeat an earlier one`;
  if (rows < 2) return [];
  if (apart === null || apart.value === duplicates.value) return [`  ${words}`];
  return [`  ${words}; ${countOf(apart)} do (${percent(apart.value, rows)}) once ids are left out`];
}

function folderText(folder: FolderProfile): string {
  const { path, of, files, bytes, classes, sizes, lengths, duplicates, acrossSplits, formats } = folder;
  const width = Math.max(5, ...classes.map(({ split, name }) => nameOf(split, name).length));
  const lines = classes
    .slice(0, MOST_CLASSES)
    .map(
      (one) =>
        `  ${nameOf(one.split, one.name).padEnd(width)}  ${group(one.files).padStart(9)}  ${percent(one.files, files)}`,
    );
  if (classes.length > MOST_CLASSES) lines.push(pc.dim(`  and ${classes.length - MOST_CLASSES} more (--json)`));
  const kinds = Object.entries(formats).map(([name, count]) => `${name} ${group(count)}`);
  const measured = sizes.slice(0, 5).map((size) => `${size.width}×${size.height} (${group(size.files)})`);
  return [
    `${pc.bold(path)}  ${group(files)} ${of}${pc.dim(`  ${kinds.join(', ')}, ${bytesInWords(bytes)}`)}`,
    pc.dim(`  ${'class'.padEnd(width)}      files  share`),
    ...lines,
    ...(measured.length === 0 ? [] : [`  pixels: ${measured.join(', ')}${sizes.length > 5 ? ' and more' : ''}`]),
    ...(lengths ? [`  ${lengths.min} to ${group(lengths.max)} characters, mean ${number(lengths.mean)}`] : []),
    `  ${duplicates === 0 ? 'no file repeats another' : `${group(duplicates)} files repeat another, byte for byte`}`,
    ...(acrossSplits > 0 ? [pc.yellow(`  ${group(acrossSplits)} files stand in more than one split`)] : []),
    ...notesOf(folder),
  ].join('\n');
}

function sharedText(shared: DataProfile['shared']): string {
  const lines = shared.map(({ first, second, columns, ofFirst, ofSecond }) => {
    const by = pc.dim(`by ${columns.length === 0 ? 'whole rows' : cut(columns.join(', '), 60)}`);
    if (ofFirst.value === 0) return `  ${first} and ${second} share no row  ${by}`;
    const counts = `${countOf(ofFirst)} rows of ${first} stand in ${second} too, ${countOf(ofSecond)} the other way round`;
    return `  ${pc.yellow(counts)}  ${by}`;
  });
  return [pc.bold('Shared rows'), ...lines].join('\n');
}

function notesOf({ path, notes }: TableProfile | FolderProfile): string[] {
  return notes.map(({ line, text }) => pc.yellow(`  ${line === null ? '' : `${path}:${line}: `}${text}`));
}

function nameOf(split: string | null, name: string): string {
  return split === null ? name : `${split}/${name}`;
}

function countOf({ value, exact }: Count): string {
  return exact ? group(value) : `~${short(value)}`;
}

/** An estimate is told with the digits that it has. */
function short(value: number): string {
  if (value < 1e4) return String(value);
  return value < 1e6 ? `${Math.round(value / 1e3)} k` : `${(value / 1e6).toPrecision(3)} M`;
}

function group(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

function percent(part: number, of: number): string {
  if (part === 0 || of === 0) return '0 %';
  const share = (100 * part) / of;
  if (share < 0.1) return '<0.1 %';
  if (share > 99.9 && part < of) return '>99.9 %';
  // Nearly all is not all: a decimal where a whole number would say more than is true.
  return `${share.toFixed(share < 10 || (share > 99 && part < of) ? 1 : 0)} %`;
}

function number(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

export function bytesInWords(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let [value, at] = [bytes, 0];
  for (; value >= 1000 && at < units.length - 1; at += 1) value /= 1000;
  return `${at === 0 ? value : value.toFixed(1)} ${units[at]}`;
}
