/**
 * The bytes of a standard base64 text with padding (RFC 4648, section 4). Every value has one
 * spelling: what Node would overlook, such as a line break or bits past the end, gives undefined.
 */
export function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

export function encodeBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
