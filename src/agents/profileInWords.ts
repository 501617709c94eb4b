import type {
  ColumnProfile,
  Count,
  DataProfile,
  FolderProfile,
  Shared,
  TableProfile,
} from '../workspace/data/dataProfile.ts';

/** Lines on columns and on classes of one file, groups of columns with gaps, and how much of a value. */
const MOST = { columns: 30, classes: 20, gaps: 12, values: 10, characters: 40 };

/** A profile of data for a model: per column its type, range or classes; then what is missing and in which rows, rows that repeat or
 *  that files share. Hashes are for records and say nothing to it.
 *  @param from the first column of tables that is told, from 1 */
export function profileInWords({ files, shared, leftOut }: DataProfile, from = 1): string {
  const parts = files.map((file) => {
    if (file.kind === 'unreadable') return `${file.path}: not profiled, ${file.why}.`;
    return file.kind === 'folder' ? folderInWords(file) : tableInWords(file, from);
  });
  return [...parts, ...shared.map(sharedInWords), ...leftOut.map((what) => `${what}.`)].join('\n\n');
}

function tableInWords(table: TableProfile, from: number): string {
  const { path, format, rows, complete, columns, array } = table;
  const shape = array ? `, ${array.type} of shape ${array.shape.join(' x ') || 'one value'}` : '';
  const runs = columns.length > MOST.columns ? columnRuns(columns.slice(from - 1)) : columns.map((column) => [column]);
  const told = runs.slice(0, MOST.columns);
  const next = from + told.flat().length;
  const untold = columns.length - next + 1;
  return [
    `${path} (${format}${shape}): ${rows} rows${complete ? '' : ' up to where it breaks off'}, ${columns.length} columns`,
    ...(from > 1 ? [`columns from number ${from} on:`] : []),
    ...told.map((run) => runInWords(run, rows)),
    ...(untold > 0 ? [`and ${untold} more columns: profile_data with from_column ${next} tells them`] : []),
    gapsInWords(table),
    ...repeats(table),
    ...notesOf(table),
  ].join('\n');
}

/** Columns with neighbours that are alike, p0 to p77, together: in a wide table, what they hold is one thing. */
function columnRuns(columns: readonly ColumnProfile[]): ColumnProfile[][] {
  const runs: ColumnProfile[][] = [];
  for (const column of columns) {
    const before = runs.at(-1)?.[0];
    if (before && likeness(before) === likeness(column)) runs.at(-1)?.push(column);
    else runs.push([column]);
  }
  return runs;
}

/** A name but for its number, and the type; names without a number are like no other. */
function likeness({ name, type, numbers }: ColumnProfile): string {
  const stem = name.replace(/\d+$/, '#');
  return numbers && stem !== name ? `${stem} ${type}` : name;
}

function runInWords(run: readonly ColumnProfile[], rows: number): string {
  const [first, last] = [run[0], run.at(-1)];
  if (!first || !last) return '';
  if (first === last) return columnInWords(first, rows);
  const ranges = run.flatMap(({ numbers }) => numbers ?? []);
  const kinds = run.map(({ distinct }) => distinct.value);
  const least = Math.min(...kinds);
  const most = Math.max(...kinds);
  const low = figure(Math.min(...ranges.map(({ min }) => min)));
  const high = figure(Math.max(...ranges.map(({ max }) => max)));
  return `- columns ${first.name} to ${last.name}, ${run.length} of them: ${first.type}, ${least === most ? least : `${least} to ${most}`} distinct each, all within ${low} to ${high}`;
}

function columnInWords(column: ColumnProfile, rows: number): string {
  const { name, type, distinct } = column;
  const holds = holdings(column, rows);
  return `- ${name}: ${type}, ${count(distinct)} distinct${holds === '' ? '' : `, ${holds}`}`;
}

/** What a column holds, in a few words: its classes, else its range, else its lengths. */
function holdings({ numbers, dates, lengths, values, type }: ColumnProfile, rows: number): string {
  const isClass = values !== null && values.length <= Math.min(MOST.values, rows / 2) && type !== 'number';
  if (isClass) return values.map(({ value, count: n }) => `${JSON.stringify(cut(value))} ${n}`).join(', ');
  if (numbers) return `${figure(numbers.min)} to ${figure(numbers.max)}, mean ${figure(numbers.mean)}`;
  if (dates) return `${dates.first} to ${dates.last}`;
  return lengths ? `${lengths.min} to ${lengths.max} characters` : '';
}

/** Which columns lack values, neighbours that lack as many together, and the first rows that do. */
function gapsInWords({ path, rows, columns, gaps }: TableProfile): string {
  const groups: { first: string; last: string; missing: number; columns: number }[] = [];
  let open = false;
  for (const { name, missing } of columns) {
    const group = groups.at(-1);
    if (open && group?.missing === missing) Object.assign(group, { last: name, columns: group.columns + 1 });
    else if (missing > 0) groups.push({ first: name, last: name, missing, columns: 1 });
    open = missing > 0;
  }
  if (groups.length === 0) return 'no value is missing';
  const told = groups.slice(0, MOST.gaps).map((group) => {
    if (group.columns === 1) return `${group.first} ${group.missing}`;
    return `${group.first} to ${group.last} ${group.missing} each`;
  });
  const more = groups.length > told.length ? `, and ${groups.length - told.length} more` : '';
  const first = gaps.first.map(({ line, names }) => [`${path}:${line}`, ...names].join(' '));
  const where = first.length === 0 ? '' : `; first ${first.join(', ')}`;
  return `missing: ${told.join(', ')}${more}; in ${gaps.rows} of ${rows} rows${where}`;
}

function repeats({ duplicates, duplicatesApartFromIds, rows, columns, array }: TableProfile): string[] {
  // An array of labels repeats of course.
  if (rows < 2 || (array && columns.length < 2)) return [];
  const apart = duplicatesApartFromIds;
  const ids = apart === null || apart.value === duplicates.value ? '' : `, ${count(apart)} once ids are left out`;
  return [`${count(duplicates)} rows repeat an earlier one${ids}`];
}

function folderInWords(folder: FolderProfile): string {
  const { path, of, files, classes, sizes, lengths, duplicates, acrossSplits } = folder;
  const named = classes.slice(0, MOST.classes).map(({ split, name, files: n }) => {
    return `- ${split === null ? name : `${split}/${name}`}: ${n}`;
  });
  const untold = classes.length - named.length;
  const pixels = sizes.slice(0, 5).map((size) => `${size.width}x${size.height} (${size.files})`);
  return [
    `${path}: ${files} ${of}, by class`,
    ...named,
    ...(untold > 0 ? [`and ${untold} more classes`] : []),
    ...(pixels.length > 0 ? [`pixels: ${pixels.join(', ')}${sizes.length > 5 ? ' and more' : ''}`] : []),
    ...(lengths ? [`${lengths.min} to ${lengths.max} characters, mean ${figure(lengths.mean)}`] : []),
    `${duplicates} files repeat another, byte for byte`,
    ...(acrossSplits > 0 ? [`${acrossSplits} files stand in more than one split`] : []),
    ...notesOf(folder),
  ].join('\n');
}

function sharedInWords({ first, second, columns, ofFirst, ofSecond }: Shared): string {
  const by = columns.length === 0 ? 'compared by whole rows' : 'compared by the columns that both have, ids left out';
  if (ofFirst.value === 0) return `${first} and ${second} share no row, ${by}.`;
  return `${count(ofFirst)} rows of ${first} stand in ${second} too, ${count(ofSecond)} the other way round, ${by}.`;
}

function notesOf({ path, notes }: TableProfile | FolderProfile): string[] {
  return notes.map(({ line, text }) => `${line === null ? '' : `${path}:${line}: `}${text}`);
}

function count({ value, exact }: Count): string {
  return exact ? String(value) : `about ${Number(value.toPrecision(3))}`;
}

function cut(value: string): string {
  return value.length > MOST.characters ? `${value.slice(0, MOST.characters)}…` : value;
}

function figure(value: number): string {
  return String(Number(value.toPrecision(4)));
}
