/** Latin words of a name or of prose, in lower case: `faceID_2` is `face`, `id`. */
export function wordsOf(text: string): readonly string[] {
  const spaced = text
    .normalize('NFKC')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    // The last capital of an acronym opens the next word, except before a plural s: `IDs`.
    .replace(/([A-Z])([A-Z](?!s(?![a-z]))[a-z])/g, '$1 $2');
  return (spaced.match(/[A-Za-z]+/g) ?? []).map((word) => word.toLowerCase());
}

/** Latin tokens with all separators taken out: `black-list of X_1` is `blacklist`, `of`, `x`. */
export function joinedTokens(text: string): readonly string[] {
  const tokens = text.normalize('NFKC').match(/[A-Za-z][A-Za-z0-9_.-]*/g) ?? [];
  return tokens.map((token) => token.replace(/[^A-Za-z]/g, '').toLowerCase());
}

/** Text without the spaces and invisible characters that could hide a Chinese word. */
export function unspaced(text: string): string {
  return text.normalize('NFKC').replace(/[\s\p{Cf}_·-]/gu, '');
}

/** Whether `words` hold `phrase`, written as one word or as several, in singular or plural. */
export function holdsPhrase(words: readonly string[], phrase: readonly string[]): boolean {
  const forms = pluralsOf(phrase.join(''));
  return words.some((_, start) =>
    phrase.some((_, extra) => forms.has(words.slice(start, start + extra + 1).join(''))),
  );
}

function pluralsOf(word: string): ReadonlySet<string> {
  return new Set([word, `${word}s`, `${word}es`, word.replace(/y$/, 'ies')]);
}
