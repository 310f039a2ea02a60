import { z } from 'zod';
import { holdsPhrase, joinedTokens, unspaced, wordsOf } from './boundary/words.ts';

export type Kind = 'identifier' | 'description' | 'enum value' | 'code';

/** One text that a schema, an event or a refusal shows to somebody. */
export interface Item {
  readonly where: string;
  readonly kind: Kind;
  readonly text: string;
}

export interface Violation extends Item {
  readonly word: string;
  readonly reason: string;
}

const exceptionSchema = z.strictObject({ text: z.string().min(1), reason: z.string().min(10) });

const ruleSchema = z.strictObject({
  word: z.string().min(1),
  /** word: whole words, also run together; part: inside a token; chinese: anywhere in the text. */
  match: z.enum(['word', 'part', 'chinese']),
  /** The row of section 7 (or the section) of the domain rules, then what is refused. */
  reason: z.string().regex(/^(B([1-9]|1[0-5])|7|1\.[34]): \S/),
  exceptions: z.array(exceptionSchema).readonly(),
});

export type Rule = z.infer<typeof ruleSchema>;

/** The rules of `boundary.json`; a rule that is written wrongly fails here, not silently later. */
export function parseRules(json: string): readonly Rule[] {
  return z.array(ruleSchema).parse(JSON.parse(json));
}

export function violationsIn(items: readonly Item[], rules: readonly Rule[]): Violation[] {
  return items.flatMap((item) =>
    rules
      .filter((rule) => catches(rule, withoutExceptions(item, rule)))
      .map((rule) => ({ ...item, word: rule.word, reason: rule.reason })),
  );
}

function catches(rule: Rule, text: string): boolean {
  switch (rule.match) {
    case 'word':
      return holdsPhrase(wordsOf(text), wordsOf(rule.word));
    case 'part':
      return joinedTokens(text).some((token) => token.includes(rule.word));
    case 'chinese':
      return unspaced(text).includes(rule.word);
  }
}

/** An exception frees a name only as a whole (`injury`, not `injuryHistory`); in prose, itself. */
function withoutExceptions(item: Item, rule: Rule): string {
  const allowed = rule.exceptions.map((exception) => exception.text);
  if (item.kind === 'description') {
    return allowed.reduce((rest, text) => rest.replace(inProse(text), ' | '), item.text);
  }
  return allowed.some((text) => sameName(text, item.text)) ? '' : item.text;
}

function sameName(one: string, other: string): boolean {
  return nameKey(one) === nameKey(other);
}

/** `faceToFace`, `FACE_TO_FACE` and `face-to-face` are one name. */
function nameKey(name: string): string {
  const words = wordsOf(name);
  return words.length > 0 ? words.join(' ') : unspaced(name);
}

function inProse(text: string): RegExp {
  const words = wordsOf(text);
  return words.length > 0
    ? new RegExp(`(?<![A-Za-z])${words.join('[\\s_-]*')}(?![A-Za-z])`, 'gi')
    : new RegExp(text, 'g');
}
