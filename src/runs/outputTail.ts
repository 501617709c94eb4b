export type OutputStream = 'stdout' | 'stderr';

/** Which stream the next bytes came from, from oldest to newest. */
interface Part {
  readonly stream: OutputStream;
  bytes: number;
}

/** The newest bytes of both streams, as they came, in one piece of memory: a run that prints gigabytes costs its supervisor
 *  no more than that. */
export class OutputTail {
  readonly #ring: Buffer;
  readonly #parts: Part[] = [];
  #end = 0;
  #held = 0;

  /** @param most bytes that are kept */
  constructor(most: number) {
    this.#ring = Buffer.allocUnsafe(most);
  }

  /** Bytes that are kept. */
  get bytes(): number {
    return this.#held;
  }

  add(stream: OutputStream, given: Buffer): void {
    const most = this.#ring.length;
    const bytes = given.subarray(Math.max(0, given.length - most));
    const first = bytes.copy(this.#ring, this.#end);
    bytes.copy(this.#ring, 0, first);
    this.#end = (this.#end + bytes.length) % most;
    this.#note(stream, bytes.length);
    this.#forget(Math.max(0, this.#held - most));
  }

  /** Everything that is kept, in order; the buffers are views that the next `add` changes. */
  *parts(): Generator<{ stream: OutputStream; bytes: Buffer }> {
    let from = this.#end - this.#held;
    for (const { stream, bytes } of this.#parts) {
      for (const piece of this.#pieces(from, bytes)) yield { stream, bytes: piece };
      from += bytes;
    }
  }

  /** A copy of the newest bytes, at most so many. */
  newest(most: number): Buffer {
    const wanted = Math.min(most, this.#held);
    return Buffer.concat(this.#pieces(this.#end - wanted, wanted));
  }

  #pieces(from: number, bytes: number): Buffer[] {
    const size = this.#ring.length;
    const start = (from + size) % size;
    const upTo = Math.min(size, start + bytes);
    const rest = bytes - (upTo - start);
    return [this.#ring.subarray(start, upTo), ...(rest > 0 ? [this.#ring.subarray(0, rest)] : [])];
  }

  #note(stream: OutputStream, bytes: number): void {
    const newest = this.#parts.at(-1);
    if (newest?.stream === stream) newest.bytes += bytes;
    else this.#parts.push({ stream, bytes });
    this.#held += bytes;
  }

  #forget(bytes: number): void {
    this.#held -= bytes;
    for (let left = bytes, oldest = this.#parts[0]; left > 0 && oldest; oldest = this.#parts[0]) {
      const gone = Math.min(left, oldest.bytes);
      oldest.bytes -= gone;
      left -= gone;
      if (oldest.bytes === 0) this.#parts.shift();
    }
  }
}
