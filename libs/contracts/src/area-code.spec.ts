import {
  ancestorsOf,
  type AreaCode,
  COUNTRY,
  covers,
  isVirtualVillage,
  levelOf,
  parentOf,
  parseAreaCode,
  prefixOf,
} from './area-code.js';

/** A code that is known to be one. */
function code(text: string): AreaCode {
  const parsed = parseAreaCode(text);
  if (parsed === undefined) throw new Error(`${text} should be an area code`);
  return parsed;
}

describe('an area code says its level', () => {
  it.each([
    ['0', 'COUNTRY'],
    ['43', 'PROVINCE'],
    ['4305', 'PREFECTURE'],
    ['430502', 'COUNTY'],
    ['430502001', 'TOWNSHIP'],
    ['430502001001', 'VILLAGE'],
    ['430502001001001', 'GRID'],
    ['4419', 'PREFECTURE'],
    ['441900', 'COUNTY'],
    ['441900003', 'TOWNSHIP'],
    ['441900003001', 'VILLAGE'],
    ['460400100001999', 'GRID'],
  ])('%s is a %s', (text, level) => {
    expect(parseAreaCode(text)).toBe(text);
    expect(levelOf(code(text))).toBe(level);
  });

  it('knows the provinces of GB/T 2260 and no others', () => {
    const provinces = Array.from({ length: 100 }, (_, n) => String(n).padStart(2, '0'));
    expect(provinces.filter((text) => parseAreaCode(text) !== undefined).join(' ')).toBe(
      '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 ' +
        '61 62 63 64 65 71 81 82',
    );
  });

  it('takes township and village numbers from 001 to 599, grid numbers from 001 to 999', () => {
    const valid = ['001', '099', '100', '399', '400', '599'];
    const invalid = ['000', '600', '999'];
    for (const unit of valid) {
      expect(parseAreaCode(`430502${unit}`)).toBeDefined();
      expect(parseAreaCode(`430502001${unit}`)).toBeDefined();
    }
    for (const unit of invalid) {
      expect(parseAreaCode(`430502${unit}`)).toBeUndefined();
      expect(parseAreaCode(`430502${unit}001`)).toBeUndefined();
      expect(parseAreaCode(`430502001${unit === '000' ? '600' : unit}`)).toBeUndefined();
    }
    expect(parseAreaCode('430502001001999')).toBeDefined();
    expect(parseAreaCode('430502001001000')).toBeUndefined();
  });
});

describe('a zero-padded code becomes its short form', () => {
  it.each([
    ['430000', '43'],
    ['430000000000', '43'],
    ['430500', '4305'],
    ['430500000000', '4305'],
    ['431000', '4310'],
    ['431000000000', '4310'],
    ['430502000000', '430502'],
    ['431102000000', '431102'],
    ['430510000000', '430510'],
    ['430502001000', '430502001'],
    ['430502100000', '430502100'],
    // The one row of the 2023 data that ends in 000 repeats its county.
    ['350527000000', '350527'],
    ['441900000000', '441900'],
    ['442000000000', '442000'],
    ['460400000000', '460400'],
    ['441900003000', '441900003'],
    ['430502001001', '430502001001'],
    ['430502001010', '430502001010'],
    ['430502001100', '430502001100'],
  ])('%s is %s', (padded, short) => {
    expect(parseAreaCode(padded)).toBe(short);
    expect(parseAreaCode(short)).toBe(short);
  });

  it.each(['441900', '442000', '460400'])('%s stays: its city has no other county', (text) => {
    expect(parseAreaCode(text)).toBe(text);
    expect(parentOf(code(text))).toBe(text.slice(0, 4));
  });
});

describe('what is no area code is refused', () => {
  it.each([
    ['nothing', ''],
    ['a word', 'Shaoyang'],
    ['blanks around', ' 4305'],
    ['a line end', '4305\n'],
    ['full-width digits', '４３０５'],
    ['a sign', '-4305'],
    ['a length between levels', '43050'],
    ['a length beyond the grid', '4305020010010011'],
    ['an unknown province', '99'],
    ['the country written as a province', '00'],
    ['the country zero-padded', '000000000000'],
    ['an unknown province zero-padded', '990000'],
    ['a prefecture number 00', '4300'],
    ['a county under the prefecture number 00', '430012'],
    ['a township under the county number 00', '430500001'],
    ['a village under the county number 00', '430500001001'],
    ['a county zero-padded to nine digits', '350527000'],
    ['a village under the township number 000', '430502000001'],
    ['a village zero-padded to a grid', '430502001001000'],
    ['a township zero-padded to a grid', '430502001000000'],
  ])('%s: %j', (_, text) => {
    expect(parseAreaCode(text)).toBeUndefined();
  });
});

describe('areas lie in each other', () => {
  const grid = code('430502001001001');
  const above = ['0', '43', '4305', '430502', '430502001', '430502001001'];

  it('every code above is an ancestor, the country first and itself not', () => {
    expect(ancestorsOf(grid)).toEqual(above);
    expect(ancestorsOf(code('441900003'))).toEqual(['0', '44', '4419', '441900']);
    expect(ancestorsOf(code('43'))).toEqual(['0']);
    expect(ancestorsOf(COUNTRY)).toEqual([]);
  });

  it('the parent is the next above, and the country has none', () => {
    expect(parentOf(grid)).toBe('430502001001');
    expect(parentOf(code('430502'))).toBe('4305');
    expect(parentOf(code('43'))).toBe('0');
    expect(parentOf(COUNTRY)).toBeUndefined();
  });

  it('an area covers itself and all below, nothing above and nothing beside', () => {
    for (const area of above) {
      expect(covers(code(area), grid)).toBe(true);
      expect(covers(grid, code(area))).toBe(false);
    }
    expect(covers(grid, grid)).toBe(true);
    expect(covers(code('4305'), code('430602'))).toBe(false);
    expect(covers(code('430502'), code('430503'))).toBe(false);
    expect(covers(COUNTRY, code('11'))).toBe(true);
    expect(covers(COUNTRY, COUNTRY)).toBe(true);
    expect(covers(code('11'), COUNTRY)).toBe(false);
  });

  it('codes under an area begin with its prefix, all of them under the country', () => {
    expect(prefixOf(COUNTRY)).toBe('');
    expect(prefixOf(code('4305'))).toBe('4305');
  });
});

describe('a virtual village has no residents', () => {
  it.each([
    ['430502001498', true],
    ['430502001598', true],
    ['430502001001', false],
    ['430502001298', false],
    ['430502001499', false],
    ['430502498', false],
    ['430502001001498', false],
  ])('%s: %s', (text, virtual) => {
    expect(isVirtualVillage(code(text))).toBe(virtual);
  });
});
