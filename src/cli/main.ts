#!/usr/bin/env node
import { CommanderError } from 'commander';
import { EXIT, exitCodeOf } from './exitCode.ts';
import { asSentence, printError } from './print.ts';
import { program } from './program.ts';

/** Ends the program with one sentence: what went wrong and, where it is known, what to do. */
function fail(error: unknown): number {
  // The parser has said itself what is wrong with the words.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.badInput;
  const { message, reason, stack } = error as Error & { reason?: unknown };
  const known = typeof reason === 'string';
  process.stderr.write(`mlr: ${known ? asSentence(message) : (stack ?? message)}\n`);
  printError({ reason: known ? reason : 'unexpected', message });
  return known ? exitCodeOf(reason) : EXIT.failed;
}

// Whoever reads may stop early (`mlr report last | head`): that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await program()
  .parseAsync()
  .then(() => process.exitCode ?? EXIT.done, fail);
