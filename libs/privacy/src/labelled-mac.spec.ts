import { createHmac, randomBytes } from 'node:crypto';
import { labelledMac } from './labelled-mac.js';

describe('the code of a label under a key', () => {
  it.each(['', 'fengqiao', '标签', 'n'.repeat(200)])(
    'is the HMAC that Node makes: "%s"',
    (label) => {
      const mac = labelledMac(label);
      for (const key of [Buffer.alloc(32), Buffer.alloc(32, 0xff), randomBytes(32)]) {
        const expected = createHmac('sha256', key).update(label).digest();
        expect(mac.bytes(key)).toEqual(expected);
        expect(mac.text(key)).toBe(expected.toString('base64url'));
      }
    },
  );

  it('is not made under a key of another length', () => {
    expect(() => labelledMac('label').bytes(Buffer.alloc(31))).toThrow(RangeError);
    expect(() => labelledMac('label').text(Buffer.alloc(33))).toThrow(RangeError);
  });
});
