import { crc32, deflateRawSync } from 'node:zlib';

/** NumPy's own name of a type, without the byte order: float32, float64 or int64. */
export type Dtype = 'f4' | 'f8' | 'i8';

/** An array in C order as `numpy.save` writes it: format 1.0, little-endian. */
export function npy(dtype: Dtype, shape: readonly number[], values: readonly number[]): Buffer {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const words = `{'descr': '<${dtype}', 'fortran_order': False, 'shape': ${tuple}, }`;
  // Magic, version, length, words and a line break fill a multiple of 64 bytes.
  const header = Buffer.from(`${words.padEnd(Math.ceil((words.length + 11) / 64) * 64 - 11)}\n`, 'latin1');
  const start = Buffer.from('\x93NUMPY\x01\x00\x00\x00', 'latin1');
  start.writeUInt16LE(header.length, 8);
  const size = Number(dtype[1]);
  const data = Buffer.alloc(size * values.length);
  for (const [index, value] of values.entries()) {
    if (dtype === 'f4') data.writeFloatLE(value, 4 * index);
    else if (dtype === 'f8') data.writeDoubleLE(value, 8 * index);
    else data.writeBigInt64LE(BigInt(value), 8 * index);
  }
  return Buffer.concat([start, header, data]);
}

/** An archive of arrays as `numpy.savez` writes it: a zip without compression, with sizes of 64 bits as an extra field
 *  before each array and not in the directory. */
export function npz(arrays: Readonly<Record<string, Buffer>>): Buffer {
  return npzOf(Object.entries(arrays));
}

/** The same of arrays in this order, of which two may have one name; packed as `numpy.savez_compressed` packs. */
export function npzOf(arrays: readonly (readonly [string, Buffer])[], packed = false): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [stem, content] of arrays) {
    const name = Buffer.from(`${stem}.npy`, 'latin1');
    const stored = packed ? deflateRawSync(content) : content;
    const extra = Buffer.alloc(20);
    extra.writeUInt16LE(1, 0);
    extra.writeUInt16LE(16, 2);
    extra.writeBigUInt64LE(BigInt(content.length), 4);
    extra.writeBigUInt64LE(BigInt(stored.length), 12);
    const head = common(content, stored, [name.length, extra.length]);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), head, name, extra]);
    const end = Buffer.alloc(14);
    end.writeUInt32LE(offset, 10);
    const version = Buffer.from([20, 3]);
    const line = common(content, stored, [name.length, 0]);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02'), version, line, end, name]));
    locals.push(local, stored);
    offset += local.length + stored.length;
  }
  const entries = Buffer.concat(directory);
  const tail = Buffer.alloc(22);
  tail.write('PK\x05\x06', 'latin1');
  tail.writeUInt16LE(directory.length, 8);
  tail.writeUInt16LE(directory.length, 10);
  tail.writeUInt32LE(entries.length, 12);
  tail.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, entries, tail]);
}

/** From the version to the length of the extra field: the same for an entry of a zip and its line in the directory. */
function common(content: Buffer, stored: Buffer, [name, extra]: readonly [number, number]): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(stored === content ? 0 : 8, 4);
  // The first of January 1980.
  fields.writeUInt16LE(33, 8);
  fields.writeUInt32LE(crc32(content), 10);
  fields.writeUInt32LE(stored.length, 14);
  fields.writeUInt32LE(content.length, 18);
  fields.writeUInt16LE(name, 22);
  fields.writeUInt16LE(extra, 24);
  return fields;
}
