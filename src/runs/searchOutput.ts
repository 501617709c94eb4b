import { open } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { stripVTControlCharacters } from 'node:util';
import { readLog } from './outputLog.ts';
import { inRun, runFolder } from './runFolder.ts';

export interface FoundLine {
  /** When it came, in seconds since the run's start; null where the index does not say. */
  readonly seconds: number | null;
  /** Without colours; of a long line what stands around the words. */
  readonly text: string;
}

/** Read at once. Bytes. */
const CHUNK = 1 << 18;
/** A longer line is looked at in pieces. Characters. */
const LINE = 1 << 16;
/** Shown on either side of the words in a long line. Characters. */
const AROUND = 120;

/** The lines of a run's output that hold words, whatever their case, one after the other; of a progress bar every state it
 *  was in. Holds little, however large the output is. */
export async function* searchOutput(workspace: string, id: string, words: string): AsyncGenerator<FoundLine> {
  const folder = runFolder(workspace, id);
  const wanted = words.toLowerCase();
  const times = timesOf(folder);
  let time = await times.next();
  let seconds: number | null = null;
  for await (const { at, text } of linesOf(folder)) {
    const found = text.toLowerCase().indexOf(wanted);
    if (found < 0) continue;
    for (; !time.done && time.value.offset <= at; time = await times.next()) seconds = time.value.seconds;
    yield { seconds, text: around(text, found, wanted.length) };
  }
}

function around(text: string, at: number, length: number): string {
  const [from, to] = [Math.max(0, at - AROUND), at + length + AROUND];
  const part = text.length <= 2 * AROUND ? text : text.slice(from, to);
  const shown = stripVTControlCharacters(part).trim();
  return text.length <= 2 * AROUND ? shown : `${from > 0 ? '…' : ''}${shown}${to < text.length ? '…' : ''}`;
}

/** With the place of each line's first byte. */
async function* linesOf(folder: string): AsyncGenerator<{ at: number; text: string }> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let at = 0;
  for (let offset = 0; ; ) {
    const bytes = await readLog(folder, { from: offset, maxBytes: CHUNK });
    offset += bytes.length;
    const parts = (rest + decoder.write(bytes)).split(/(?<=[\r\n])/);
    rest = bytes.length === 0 ? '' : (parts.pop() ?? '');
    for (const text of parts) {
      yield { at, text };
      at += Buffer.byteLength(text);
    }
    if (bytes.length === 0) return;
    if (rest.length > LINE) {
      yield { at, text: rest };
      // Words that stand where it is cut are in the next piece.
      at += Buffer.byteLength(rest.slice(0, -AROUND));
      rest = rest.slice(-AROUND);
    }
  }
}

async function* timesOf(folder: string): AsyncGenerator<{ offset: number; seconds: number }> {
  const file = await open(inRun.times(folder), 'r').catch(() => null);
  if (file === null) return;
  for await (const line of file.readLines()) {
    const [offset, milliseconds] = line.split(' ').map(Number);
    if (offset !== undefined && milliseconds !== undefined) yield { offset, seconds: milliseconds / 1000 };
  }
}
