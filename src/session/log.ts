import { createHash } from 'node:crypto';
import { mkdir, open, readFile, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import canonicalize from 'canonicalize';
import { type NewEvent, parseEventBody, type SessionEvent } from '../domain/event.ts';
import { SessionError } from './errors.ts';

/** A line longer than this holds only the name of a file with its body. Bytes. */
const LONGEST_LINE = 16 * 1024;

/** The append-only record of a session: one JSON object a line, each chained to all before it by
 *  `hash = sha256(previous hash + canonical JSON of the line without its hash)` (RFC 8785). */
export class EventLog {
  readonly folder: string;
  readonly events: SessionEvent[];
  /** Set when the log ended in a torn line, which was dropped. */
  readonly torn: boolean;
  private tail: Promise<unknown> = Promise.resolve();

  private constructor(folder: string, events: SessionEvent[], torn: boolean) {
    this.folder = folder;
    this.events = events;
    this.torn = torn;
  }

  /** @param folder the session's folder; made where it is missing
   *  @throws SessionError `log` naming the first line that does not follow from the one before it */
  static async open(folder: string): Promise<EventLog> {
    await mkdir(folder, { recursive: true });
    const { events, length, torn } = await readLog(folder);
    if (torn) await truncate(path.join(folder, 'events.jsonl'), length);
    return new EventLog(folder, events, torn);
  }

  /** The last event's hash, '' for an empty log: what reports and commits carry. */
  get head(): string {
    return this.events.at(-1)?.hash ?? '';
  }

  /** Writes one event and gives it back with its place. Calls are served in order; on disk when it resolves. */
  append(event: NewEvent): Promise<SessionEvent> {
    const written = this.tail.then(() => this.write(event));
    // A failed write is its caller's to mend; the next one must not fail because of it.
    this.tail = written.then(
      () => undefined,
      () => undefined,
    );
    return written;
  }

  private async write(event: NewEvent): Promise<SessionEvent> {
    const { line, written } = await lineOf(this.folder, event, this.events.at(-1));
    const file = await open(path.join(this.folder, 'events.jsonl'), 'a');
    try {
      await file.appendFile(line);
      await file.datasync();
    } finally {
      await file.close();
    }
    this.events.push(written);
    return written;
  }
}

/** Writes a whole log at once, into a folder that has none. */
export async function writeLog(folder: string, events: readonly NewEvent[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  const lines: string[] = [];
  let before: SessionEvent | undefined;
  for (const event of events) {
    const { line, written } = await lineOf(folder, event, before);
    lines.push(line);
    before = written;
  }
  await writeFile(path.join(folder, 'events.jsonl'), lines.join(''), { flag: 'wx', flush: true });
}

/** An event as the line that follows another, and as it is read again. */
async function lineOf(
  folder: string,
  event: NewEvent,
  before: SessionEvent | undefined,
): Promise<{ line: string; written: SessionEvent }> {
  const { type, ...body } = parseEventBody(event);
  const place = { seq: (before?.seq ?? 0) + 1, at: new Date().toISOString(), type };
  const whole = JSON.stringify(body);
  const long = Buffer.byteLength(whole) > LONGEST_LINE;
  const said = long ? { ...place, blob: await keepBlob(folder, whole) } : { ...place, ...body };
  const hash = chain(before?.hash ?? '', said);
  return { line: `${JSON.stringify({ ...said, hash })}\n`, written: { ...place, ...body, hash } as SessionEvent };
}

/** The events of a log as it stands, without the right to write it.
 *  @throws SessionError `log` naming the first line that does not follow from the one before it */
export async function readLog(folder: string): Promise<{ events: SessionEvent[]; length: number; torn: boolean }> {
  const file = path.join(folder, 'events.jsonl');
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const end = text.lastIndexOf('\n') + 1;
  const events: SessionEvent[] = [];
  let previous = '';
  for (const [index, line] of text.slice(0, end).split('\n').slice(0, -1).entries()) {
    const event = await parseLine(folder, line, previous, `${file}:${index + 1}`);
    events.push(event);
    previous = event.hash;
  }
  return { events, length: Buffer.byteLength(text.slice(0, end)), torn: end < text.length };
}

async function parseLine(folder: string, line: string, previous: string, place: string): Promise<SessionEvent> {
  try {
    const { hash, ...rest } = JSON.parse(line) as Record<string, unknown> & { type: string };
    if (hash !== chain(previous, rest)) throw new TypeError('its hash does not follow from the line before it');
    const { blob, ...place_ } = rest;
    const body = typeof blob === 'string' ? { ...place_, ...(await readBlob(folder, blob)) } : place_;
    return { ...parseEventBody(body as { type: string }), seq: rest.seq, at: rest.at, hash } as SessionEvent;
  } catch (error) {
    throw new SessionError(
      'log',
      `${place}: this line of the session's log was altered or damaged (${(error as Error).message}); restore it from a copy, or move the session's folder out of .mlr/sessions.`,
      { cause: error },
    );
  }
}

function chain(previous: string, line: object): string {
  return createHash('sha256')
    .update(previous + canonicalize(line))
    .digest('hex');
}

async function keepBlob(folder: string, text: string): Promise<string> {
  const name = createHash('sha256').update(text).digest('hex');
  await mkdir(path.join(folder, 'blobs'), { recursive: true });
  await writeFile(path.join(folder, 'blobs', name), text);
  return name;
}

async function readBlob(folder: string, name: string): Promise<object> {
  const text = await readFile(path.join(folder, 'blobs', name), 'utf8');
  if (createHash('sha256').update(text).digest('hex') !== name) throw new TypeError(`blobs/${name} was altered`);
  return JSON.parse(text) as object;
}
