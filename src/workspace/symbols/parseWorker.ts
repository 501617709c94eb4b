import { parentPort } from 'node:worker_threads';
import { type ParseTask, parseAll } from './parsePool.ts';

/** A thread that parses what it is sent, one batch after the other. */
parentPort?.on('message', (tasks: ParseTask[]) => {
  parseAll(tasks).then(
    (done) => parentPort?.postMessage(done),
    (error: unknown) => {
      // Whoever asked sees the thread end, and why.
      throw error;
    },
  );
});
