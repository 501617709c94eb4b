/** Bytes that grow at their end. */
export class ByteSink {
  #bytes = Buffer.allocUnsafe(1 << 16);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  byte(value: number): void {
    this.reserve(1);
    this.#bytes[this.#length++] = value;
  }

  word(value: number): void {
    this.reserve(4);
    this.#length = this.#bytes.writeUInt32LE(value, this.#length);
  }

  /** Seven bits a byte, the lowest first; the last byte is below 128. */
  varint(value: number): void {
    this.reserve(5);
    let rest = value;
    for (; rest > 127; rest >>>= 7) this.#bytes[this.#length++] = (rest & 127) | 128;
    this.#bytes[this.#length++] = rest;
  }

  /** A varint and a byte, for which there must be room. */
  posting(step: number, weight: number): void {
    const bytes = this.#bytes;
    let at = this.#length;
    let rest = step;
    for (; rest > 127; rest >>>= 7) bytes[at++] = (rest & 127) | 128;
    bytes[at++] = rest;
    bytes[at++] = weight;
    this.#length = at;
  }

  /** UTF-8. @returns how many bytes it took */
  text(text: string): number {
    this.reserve(3 * text.length);
    const written = this.#bytes.write(text, this.#length, 'utf8');
    this.#length += written;
    return written;
  }

  bytes(other: Uint8Array): void {
    this.reserve(other.length);
    this.#bytes.set(other, this.#length);
    this.#length += other.length;
  }

  /** A copy of its own, which may be handed to another thread. */
  taken(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#bytes.subarray(0, this.#length));
  }

  /** Makes room. */
  reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#length + more));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
