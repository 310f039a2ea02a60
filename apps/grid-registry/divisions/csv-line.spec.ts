import fc from 'fast-check';
import { csvField, splitCsvLine } from './csv-line.js';

describe('a line of CSV', () => {
  it.each([
    ['43,湖南省', ['43', '湖南省']],
    ['43,"湖南省"', ['43', '湖南省']],
    ['43,"甲,""乙"""', ['43', '甲,"乙"']],
    ['43,', ['43', '']],
    ['43,"",x', ['43', '', 'x']],
    [',', ['', '']],
  ])('%s is split into its fields', (line, fields) => {
    expect(splitCsvLine(line)).toEqual(fields);
  });

  it.each([
    ['43,"湖南省', 'unbalanced quote'],
    ['43,"湖南省""', 'unbalanced quote'],
    ['43,湖南"省', 'quote inside an unquoted field'],
    ['43,"湖南"省', 'text after a closing quote'],
  ])('%s is refused with its reason', (line, fault) => {
    expect(splitCsvLine(line)).toEqual({ fault });
  });

  it('gives back whatever was written, quoted only where needed', () => {
    const field = fc.string({ unit: fc.constantFrom('"', ',', '甲', 'a', ' ') });
    fc.assert(
      fc.property(fc.array(field, { minLength: 1 }), (fields) => {
        expect(splitCsvLine(fields.map(csvField).join(','))).toEqual(fields);
      }),
    );
    expect(csvField('龙皇桥社区')).toBe('龙皇桥社区');
    expect(csvField('甲\n乙')).toBe('"甲\n乙"');
  });
});
