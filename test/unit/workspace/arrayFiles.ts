import { deflateRawSync } from 'node:zlib';

/** A .npy file. */
export function npy(type: string, shape: number[], elements: Buffer): Buffer {
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`.padEnd(117);
  const head = Buffer.from(`\x93NUMPY\x01\x00..${text}\n`, 'latin1');
  head.writeUInt16LE(head.length - 10, 8);
  return Buffer.concat([head, elements]);
}

export function floats(values: number[]): Buffer {
  return Buffer.from(Float32Array.from(values).buffer);
}

/** A zip archive, deflated; `claimed` is the size that it says an entry expands to. */
export function zip(entries: { name: string; content: Buffer; claimed?: number }[]): Buffer {
  const [parts, central]: Buffer[][] = [[], []];
  let at = 0;
  for (const { name, content, claimed } of entries) {
    const packed = deflateRawSync(content);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(checksum(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(claimed ?? content.length, 18);
    common.writeUInt16LE(name.length, 22);
    parts?.push(Buffer.from('PK\x03\x04'), common, Buffer.from(name), packed);
    const where = Buffer.alloc(14);
    where.writeUInt32LE(at, 10);
    central?.push(Buffer.from('PK\x01\x02\x14\0', 'latin1'), common, where, Buffer.from(name));
    at += 30 + name.length + packed.length;
  }
  const directory = Buffer.concat(central ?? []);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...(parts ?? []), directory, Buffer.from('PK\x05\x06'), end]);
}

/** CRC-32 by its definition: Node's own is newer than the oldest Node that is supported. */
function checksum(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
