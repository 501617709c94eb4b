import type { Session } from './session.ts';

/** A message of a commit of ours: it names the session and the head of its log, so that a log rewritten later is seen
 *  (trust.md, the ledger). */
export function ledgeredMessage({ id, log }: Pick<Session, 'id' | 'log'>, message: string): string {
  return `${message}\n\nMlr-Session: ${id}\nMlr-Log: ${log.head}`;
}
