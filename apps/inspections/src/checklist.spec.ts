import { checklistCodes, checklistOf } from './checklist.js';
import { inspectionEvents } from './inspection.events.js';
import { placeKindField } from './place.events.js';

describe('the checklist for a kind of place', () => {
  it.each(placeKindField.options)('asks for each item once, exits among them: %s', (kind) => {
    const codes = checklistOf(kind);
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes).toContain('E1');
    expect(codes.length).toBeLessThanOrEqual(50);
  });

  it('has items that are explained in both languages, and that a record can hold', () => {
    const item = inspectionEvents.HazardNoted.shape.item;
    for (const [code, { zh, en }] of Object.entries(checklistCodes)) {
      expect(item.safeParse(code).success).toBe(true);
      expect(zh).toMatch(/\p{Script=Han}/u);
      expect(en).not.toMatch(/\p{Script=Han}/u);
    }
  });
});
