import { parentPort } from 'node:worker_threads';
import { type ParsedBatch, type ParseTask, SegmentParser } from './parsePool.ts';

const parser = new SegmentParser();

/** A thread that parses what it is sent, one batch after the other; null asks for what it has not handed over. */
parentPort?.on('message', (tasks: ParseTask[] | null) => {
  Promise.resolve(tasks === null ? parser.rest() : parser.parse(tasks)).then(
    (done: ParsedBatch) => parentPort?.postMessage(done, done.segment === null ? [] : [done.segment.buffer]),
    (error: unknown) => {
      // Whoever asked sees the thread end, and why.
      throw error;
    },
  );
});
