/** What scripts read: one JSON object on a line of standard output. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** Where JSON was asked for, a failure is an object as well; the sentence for people stands on standard error. */
export function printError(error: { reason: string; message: string; session?: string }): void {
  if (process.argv.includes('--json')) printJson({ error });
}

/** Ends with a full stop, as the lines that follow it expect. */
export function asSentence(message: string): string {
  return /[.!?]$/.test(message) ? message : `${message}.`;
}
