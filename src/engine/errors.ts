import { fullDiskSentence, isFullDisk } from '../runs/fullDisk.ts';

/** What an engine could not do, as one sentence; `reason` names the kind, as the folder that failed named it. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly reason: string;

  constructor(reason: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** What to tell of an error: its sentence, and the kind that the folder named in which it was thrown.
 *  @param workspace where a disk that is full would be */
export function described(error: unknown, workspace = 'the workspace'): { message: string; reason: string } {
  if (isFullDisk(error)) return { message: fullDiskSentence(workspace), reason: 'disk' };
  const { message, reason } = error as Error & { reason?: unknown };
  return { message, reason: typeof reason === 'string' ? reason : 'unexpected' };
}
