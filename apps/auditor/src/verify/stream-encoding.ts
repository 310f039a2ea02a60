const UUID_TAIL = /^([^]*)-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
const TEXT = 0x60;
const NULL = Buffer.of(0xf6);
/** The head of a byte string of 16 bytes. */
const UUID_HEAD = Buffer.of(0x50);

/** A stream's name as an entry has it (leaf format 1): its kind, and the UUID that it ends with. */
export function encodedStream(name: string): Buffer {
  const [, kind, uuid] = UUID_TAIL.exec(name) ?? [];
  if (kind === undefined || uuid === undefined) return Buffer.concat([text(name), NULL]);
  return Buffer.concat([text(kind), UUID_HEAD, Buffer.from(uuid.replaceAll('-', ''), 'hex')]);
}

/** A CBOR text string (RFC 8949, section 3.1), in the shortest form. */
function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  const { length } = bytes;
  const head = Buffer.alloc(length < 24 ? 1 : length < 0x100 ? 2 : 3);
  if (length < 24) head.writeUInt8(TEXT + length);
  else if (length < 0x100) head.writeUInt16BE(((TEXT + 24) << 8) | length);
  else head.writeUIntBE(((TEXT + 25) << 16) | (length & 0xffff), 0, 3);
  return Buffer.concat([head, bytes]);
}
