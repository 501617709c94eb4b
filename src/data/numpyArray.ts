/** Where an array's rows go, one for each entry of its first axis. */
export interface ArraySink {
  header(names: readonly string[]): void;
  /** @param line from 1 */
  row(cells: readonly ArrayCell[], line: number): void;
  /** A row of more numbers than have a column each. */
  wideRow(cells: readonly ArrayCell[], line: number): void;
  note(text: string): void;
  /** Reading stops before the end, for this reason. */
  stop(text: string, line: number): void;
}

export type ArrayCell = number | bigint | boolean;

/** What the head of a .npy file says. Source: NEP 1, "A simple file format for NumPy arrays". */
export interface ArrayHead {
  readonly shape: readonly number[];
  /** NumPy's own word for the element type, such as `<f4`. */
  readonly type: string;
  readonly columnMajor: boolean;
  /** Bytes before the elements. */
  readonly begin: number;
}

/** A head is short; a longer one is no head. Bytes. */
const LONGEST_HEAD = 1 << 20;
/** Wider arrays are profiled as a whole rather than column by column. */
const MOST_COLUMNS = 256;

type Read = (view: DataView, at: number) => ArrayCell;

/** Reads an array's bytes, in pieces, into a table: a row for each entry of the first axis.
 *  @param bytes of the whole array with its head, as the file or archive says
 *  @returns the head, or why it cannot be read */
export async function readArray(
  pieces: AsyncIterable<Buffer>,
  bytes: number,
  table: ArraySink,
): Promise<ArrayHead | string> {
  let rest: Buffer = Buffer.alloc(0);
  let head: ArrayHead | null = null;
  let rows: ArrayRows | null = null;
  for await (const piece of pieces) {
    rest = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    if (head === null) {
      const found = headOf(rest);
      if (typeof found === 'string') return found;
      if (found === null) continue;
      head = found;
      const opened = ArrayRows.open(head, bytes, table);
      if (typeof opened === 'string') {
        table.stop(opened, 1);
        return head;
      }
      rows = opened;
      rest = rest.subarray(head.begin);
    }
    if (rows !== null) rest = rest.subarray(rows.take(rest));
  }
  if (head === null) return 'it ends within its head';
  rows?.end(rest.length);
  return head;
}

/** @returns null where more bytes are needed */
function headOf(bytes: Buffer): ArrayHead | string | null {
  if (bytes.length < 12) return null;
  if (bytes.toString('latin1', 0, 6) !== '\x93NUMPY') return 'it does not begin as a NumPy array does';
  const [major = 0] = bytes.subarray(6);
  const wide = major >= 2;
  const length = wide ? bytes.readUInt32LE(8) : bytes.readUInt16LE(8);
  const begin = length + (wide ? 12 : 10);
  if (length > LONGEST_HEAD) return `its head claims ${length} bytes`;
  if (bytes.length < begin) return null;
  const text = bytes.toString('latin1', wide ? 12 : 10, begin);
  const type = /'descr':\s*('[^']*'|\[.*\])/s.exec(text)?.[1];
  const shape = /'shape':\s*\(([\d,\s]*)\)/.exec(text)?.[1];
  if (type === undefined || shape === undefined) return 'its head has no type and shape';
  return {
    type: type.replace(/^'|'$/g, ''),
    shape: shape.split(',').flatMap((size) => (size.trim() === '' ? [] : [Number(size)])),
    columnMajor: /'fortran_order':\s*True/.test(text),
    begin,
  };
}

/** Cuts an array's bytes into rows. */
class ArrayRows {
  readonly #table: ArraySink;
  readonly #read: Read;
  readonly #size: number;
  /** Elements of a row, and whether each has a column. */
  readonly #width: number;
  readonly #described: boolean;
  readonly #expected: number;
  #rows = 0;

  private constructor(table: ArraySink, read: Read, size: number, width: number, expected: number) {
    this.#table = table;
    this.#read = read;
    this.#size = size;
    this.#width = width;
    this.#described = width <= MOST_COLUMNS;
    this.#expected = expected;
    if (this.#described) table.header(width === 1 ? ['value'] : Array.from({ length: width }, (_, at) => String(at)));
    else table.header(['elements']);
  }

  static open(head: ArrayHead, bytes: number, table: ArraySink): ArrayRows | string {
    const { type, shape, columnMajor, begin } = head;
    if (type.includes('O'))
      return 'its elements are pickled Python objects, which are never loaded: save it with a plain dtype';
    const element = elementOf(type);
    if (element === null) return `its elements (${type}) are not described; numbers and booleans are`;
    const [rows = 1, ...others] = shape;
    const width = others.reduce((product, size) => product * size, 1);
    if (columnMajor && others.length > 0) return 'it is stored column by column, so its rows are not described';
    const claimed = begin + rows * width * element.size;
    if (claimed > bytes)
      table.note(
        `its head promises ${claimed} bytes and there are ${bytes}: it was cut off; what is there is profiled`,
      );
    return new ArrayRows(table, element.read, element.size, width, rows);
  }

  /** @returns how many bytes were whole rows */
  take(bytes: Buffer): number {
    const step = this.#size * this.#width;
    if (step === 0) return bytes.length;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    let at = 0;
    for (; at + step <= bytes.length && this.#rows < this.#expected; at += step) this.#row(view, at);
    return at;
  }

  end(left: number): void {
    if (this.#rows < this.#expected)
      this.#table.stop(`it ends after ${this.#rows} of ${this.#expected} rows`, this.#rows + 1);
    else if (left > 0) this.#table.note(`${left} bytes follow the array`);
  }

  #row(view: DataView, at: number): void {
    this.#rows += 1;
    const cells: ArrayCell[] = [];
    for (let element = 0; element < this.#width; element += 1) cells.push(this.#read(view, at + element * this.#size));
    if (this.#described) this.#table.row(cells, this.#rows);
    else this.#table.wideRow(cells, this.#rows);
  }
}

function elementOf(type: string): { size: number; read: Read } | null {
  const [, order = '', kind = '', digits = ''] = /^([<>|=])([biuf])(\d+)$/.exec(type) ?? [];
  const little = order !== '>';
  const reads: Record<string, Read> = {
    b1: (view, at) => view.getUint8(at) !== 0,
    i1: (view, at) => view.getInt8(at),
    i2: (view, at) => view.getInt16(at, little),
    i4: (view, at) => view.getInt32(at, little),
    i8: (view, at) => view.getBigInt64(at, little),
    u1: (view, at) => view.getUint8(at),
    u2: (view, at) => view.getUint16(at, little),
    u4: (view, at) => view.getUint32(at, little),
    u8: (view, at) => view.getBigUint64(at, little),
    f2: (view, at) => half(view.getUint16(at, little)),
    f4: (view, at) => view.getFloat32(at, little),
    f8: (view, at) => view.getFloat64(at, little),
  };
  const read = reads[kind + digits];
  return read === undefined ? null : { size: Number(digits), read };
}

/** IEEE 754 binary16. */
function half(bits: number): number {
  const [sign, exponent, fraction] = [bits & 0x8000 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}
