import type { Brand } from '#libs/event';

/** 区划代码: 0 for the country, else 2, 4, 6, 9, 12 digits (statistics bureau) or 15 (a grid). */
export type AreaCode = Brand<'AreaCode'>;

/** 行政层级: what an area is, from the country down to the grid. */
export type AreaLevel =
  'COUNTRY' | 'PROVINCE' | 'PREFECTURE' | 'COUNTY' | 'TOWNSHIP' | 'VILLAGE' | 'GRID';

export const COUNTRY = '0' as AreaCode;

const LEVELS: Readonly<Record<number, AreaLevel>> = {
  1: 'COUNTRY',
  2: 'PROVINCE',
  4: 'PREFECTURE',
  6: 'COUNTY',
  9: 'TOWNSHIP',
  12: 'VILLAGE',
  15: 'GRID',
};
const LENGTHS = [1, 2, 4, 6, 9, 12, 15] as const;

/** Province prefixes of GB/T 2260; township and village numbers as the statistics bureau gives. */
const PROVINCE = '(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12])';
/** Cities without counties: the data lists them once more as their own only county, 00. */
const UNDIVIDED_CITY = '(?:4419|4420|4604)';
const COUNTY = `(?:(?!00)\\d{2}|(?<=^${UNDIVIDED_CITY})00)`;
const UNIT = '(?!000)[0-5]\\d{2}';
const GRID = '(?!000)\\d{3}';
const SHAPE = new RegExp(
  `^${PROVINCE}(?:(?!00)\\d{2}(?:${COUNTY}(?:${UNIT}(?:${UNIT}(?:${GRID})?)?)?)?)?$`,
);
const OWN_COUNTY = new RegExp(`^${UNDIVIDED_CITY}00$`);

/**
 * A code as it entered, or undefined when it is none. Zero-padded codes become short ones:
 * 430500000000 and 430500 are both the prefecture 4305.
 */
export function parseAreaCode(text: string): AreaCode | undefined {
  const code = withoutPadding(text);
  return code === COUNTRY || SHAPE.test(code) ? (code as AreaCode) : undefined;
}

function withoutPadding(text: string): string {
  if (!/^\d{6}(\d{6})?$/.test(text)) return text;
  const unpadded = text.length === 12 ? text.replace(/000(000)?$/, '') : text;
  if (unpadded.length !== 6 || OWN_COUNTY.test(unpadded)) return unpadded;
  return unpadded.replace(/(00|0000)$/, '');
}

export function levelOf(code: AreaCode): AreaLevel {
  const level = LEVELS[code.length];
  if (level === undefined) throw new Error(`${code} was never parsed as an area code`);
  return level;
}

/** The codes above `code`, the country first; its own code is not among them. */
export function ancestorsOf(code: AreaCode): readonly AreaCode[] {
  if (code === COUNTRY) return [];
  const lengths = LENGTHS.filter((length) => length > 1 && length < code.length);
  return [COUNTRY, ...lengths.map((length) => code.slice(0, length) as AreaCode)];
}

export function parentOf(code: AreaCode): AreaCode | undefined {
  return ancestorsOf(code).at(-1);
}

/** Whether `area` is `code` itself or lies above it. */
export function covers(area: AreaCode, code: AreaCode): boolean {
  return code.startsWith(prefixOf(area));
}

/** What the codes of everything in `area` begin with. */
export function prefixOf(area: AreaCode): string {
  return area === COUNTRY ? '' : area;
}

/** A virtual village (498, 598) has no residents and takes no grids (statistical code rules). */
export function isVirtualVillage(code: AreaCode): boolean {
  return levelOf(code) === 'VILLAGE' && /[45]98$/.test(code);
}
