/** A count as C2SP formats write it: ASCII digits, no leading zeros; undefined past 2^53 - 1. */
export function parseDecimal(text: string): number | undefined {
  const value = /^(?:0|[1-9]\d{0,15})$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(value) ? value : undefined;
}
