import fc from 'fast-check';
import { LogDamaged } from './faults.js';
import { parsePayloads } from './payloads.js';

const unparsed = (payloads: readonly (string | Uint8Array)[]) =>
  payloads.map((payload, position) => ({
    position,
    payload: typeof payload === 'string' ? Buffer.from(payload) : payload,
  }));
const parse = (...payloads: readonly (string | Uint8Array)[]) => parsePayloads(unparsed(payloads));
const whole = '{"n":1}';

describe('payloads that are parsed together', () => {
  it('say what each says by itself', () => {
    const object = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue());
    fc.assert(
      fc.property(fc.array(object, { maxLength: 100 }), (objects) => {
        const texts = objects.map((each) => JSON.stringify(each));
        expect(parse(...texts)).toEqual(texts.map((text) => JSON.parse(text) as unknown));
      }),
    );
  });

  it('may be as long as entries can be', () => {
    const long = JSON.stringify({ text: '枫'.repeat(19_000) });
    expect(parse(...new Array<string>(40).fill(long))).toHaveLength(40);
  });

  it('may hold the character that stands for what is no text', () => {
    expect(parse(whole, '{"text":"\ufffd"}')).toEqual([{ n: 1 }, { text: '\ufffd' }]);
  });

  it.each<[string, ...string[]]>([
    ['two in the place of one', '{},{}'],
    ['one in two places', '{"a":[{}', '{}]}'],
    ['one in two places, one more in front', '{},{"a":[{}', '{}]}'],
    ['one that goes on into the next', '{"a":"', '"}'],
    ['one with a list around', '[{}]'],
    ['one that ends the array', '{}],[{}'],
    ['none', ''],
    ['a text', '"枫桥"'],
    ['a mark of the byte order', '\ufeff{}'],
  ])('are refused when there is %s', (_, ...payloads) => {
    expect(() => parse(whole, ...payloads, whole)).toThrow(LogDamaged);
    expect(() => parse(whole, ...payloads, whole)).toThrow('entry 1 is not what was written');
  });

  it.each([
    ['a byte that begins no character', [0x80]],
    ['half a character', [0xe6, 0x9e]],
    ['half of a surrogate pair', [0xed, 0xa0, 0x80]],
  ])('are refused when one has %s', (_, bytes) => {
    const damaged = Buffer.concat([
      Buffer.from('{"text":"'),
      Buffer.from(bytes),
      Buffer.from('"}'),
    ]);
    expect(() => parse(whole, whole, damaged, whole)).toThrow('entry 2 is not what was written');
  });
});
