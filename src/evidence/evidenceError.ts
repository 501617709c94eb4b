/** What went wrong: the contract is wrong, a request cannot be measured, or a report does not hold. */
export type EvidenceReason = 'contract' | 'request' | 'arm' | 'report';

/** Every error of this folder; its message is one sentence with the place and the way out. */
export class EvidenceError extends Error {
  override readonly name: string = 'EvidenceError';
  readonly reason: EvidenceReason;

  constructor(reason: EvidenceReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
