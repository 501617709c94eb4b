import { EvidenceError } from './evidenceError.ts';

/** A report that would say what its runs do not: the message names the number. */
export class ReportError extends EvidenceError {
  override readonly name = 'ReportError';

  constructor(message: string, options?: ErrorOptions) {
    super('report', message, options);
  }
}
