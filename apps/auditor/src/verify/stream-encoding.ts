const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const UUID_CHARS = 36;
const UUID_BYTES = 16;
const TEXT = 0x60;
const NULL = 0xf6;
/** The head of a byte string of 16 bytes. */
const UUID_HEAD = 0x50;
/** Of a CBOR text string (RFC 8949, section 3.1). */
const HEAD_BYTES_MAX = 3;

/** A stream's name as an entry has it (leaf format 1): its kind, and the UUID that it ends with. */
export function encodedStream(name: string): Buffer {
  const cut = name.length - UUID_CHARS;
  const isNamed = cut > 0 && name[cut - 1] === '-' && UUID.test(name.slice(cut));
  const kind = isNamed ? name.slice(0, cut - 1) : name;
  const bytes = Buffer.allocUnsafe(HEAD_BYTES_MAX + kind.length * 3 + 1 + UUID_BYTES);
  const start = HEAD_BYTES_MAX;
  const length = bytes.write(kind, start);
  const from = writeHead(bytes, start, length);
  const end = start + length;
  bytes[end] = isNamed ? UUID_HEAD : NULL;
  if (!isNamed) return bytes.subarray(from, end + 1);
  bytes.write(name.slice(cut).replaceAll('-', ''), end + 1, 'hex');
  return bytes.subarray(from, end + 1 + UUID_BYTES);
}

/** Writes the shortest head in front of a text; answers where it begins. */
function writeHead(bytes: Buffer, text: number, length: number): number {
  if (length < 24) {
    bytes[text - 1] = TEXT + length;
    return text - 1;
  }
  if (length < 0x100) return bytes.writeUInt16BE(((TEXT + 24) << 8) | length, text - 2) - 2;
  return bytes.writeUIntBE(((TEXT + 25) << 16) | (length & 0xffff), text - 3, 3) - 3;
}
