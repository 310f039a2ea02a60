const COMMA = 0x2c;
const MINUS = 0x2d;
const ZERO = 0x30;

/** Whole numbers divided by commas; answers how many there are. */
export function readNumbers(text: string, into: Float64Array): number {
  let count = 0;
  let value = 0;
  let sign = 1;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === COMMA) {
      into[count] = value * sign;
      count += 1;
      value = 0;
      sign = 1;
    } else if (code === MINUS) sign = -1;
    else value = value * 10 + code - ZERO;
  }
  into[count] = value * sign;
  return count + 1;
}
