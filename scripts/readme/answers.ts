/** A text in which what is another at each run (ids, times, keys, hashes) has one name each. */
export function normalised(text: string): string {
  return text
    .replaceAll(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, 'ID')
    .replaceAll(/\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z/g, 'TIME')
    .replaceAll(/\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}/g, '+KEY')
    .replaceAll(/(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{43}=/g, 'HASH');
}

/**
 * What an answer on a page stands for, to be found in a normalised output: from the beginning of a
 * line on, `...` being what the page leaves out; on a line of its own, any number of lines.
 */
export function patternOf(answer: string): RegExp {
  const escaped = normalised(answer).replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
  const pattern = escaped
    .replaceAll(/^\\\.\\\.\\\.\n/gm, String.raw`(?:[^\n]*\n)*?`)
    .replaceAll(String.raw`\.\.\.`, String.raw`[^\n]*`);
  return new RegExp(`^${pattern}`, 'm');
}
