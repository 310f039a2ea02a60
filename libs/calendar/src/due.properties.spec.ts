import fc from 'fast-check';
import { isWorkingDay } from './calendar.js';
import { chinaCalendar } from './china-calendar.js';
import { dueOf } from './deadline.js';
import { dayAfter } from './day.js';
import { localDay } from './local-time.js';
import { type Pause, stands, type Term } from './term.js';

const START = Date.parse('2024-01-02T00:00:00Z');
const END = Date.parse('2027-06-01T00:00:00Z');

const instant = fc.integer({ min: START, max: END }).map((ms) => new Date(ms).toISOString());
const pause: fc.Arbitrary<Pause> = fc
  .tuple(instant, fc.integer({ min: 0, max: 20 * 86_400_000 }))
  .map(([from, ms]) => ({ from, to: new Date(Date.parse(from) + ms).toISOString() }));
const term: fc.Arbitrary<Term> = fc.record({
  kind: fc.constantFrom('CALENDAR_DAYS', 'WORKING_DAYS'),
  days: fc.integer({ min: 1, max: 90 }),
  from: instant,
  pauses: fc.array(pause, { maxLength: 3 }),
  holidayShift: fc.boolean(),
});

function dueAt(of: Term): string {
  const { dueAt: at } = dueOf(of, chinaCalendar);
  if (at === null) throw new Error('a pause that ends leaves no end open');
  return at;
}

/** The days from after `from` to the last, as a reader of the calendar would tick them off. */
function ticked({ from }: Term, until: string): readonly string[] {
  const days: string[] = [];
  const last = localDay(new Date(Date.parse(until) - 1).toISOString());
  for (let day = dayAfter(localDay(from)); day <= last; day = dayAfter(day)) days.push(day);
  return days;
}

describe('a due date', () => {
  it('is after exactly as many days that count as the term has', () => {
    fc.assert(
      fc.property(term, (each) => {
        const plain = { ...each, holidayShift: false };
        const counted = ticked(plain, dueAt(plain)).filter(
          (day) =>
            !stands(plain, day) &&
            (plain.kind === 'CALENDAR_DAYS' || isWorkingDay(chinaCalendar, day)),
        );
        expect(counted).toHaveLength(each.days);
      }),
    );
  });

  it('never comes earlier for a later begin or for more days', () => {
    fc.assert(
      fc.property(term, instant, fc.integer({ min: 0, max: 30 }), (each, other, more) => {
        const [early, late] = [each.from, other].toSorted();
        expect(dueAt({ ...each, from: early! }) <= dueAt({ ...each, from: late! })).toBe(true);
        expect(dueAt(each) <= dueAt({ ...each, days: each.days + more })).toBe(true);
      }),
    );
  });

  it('of calendar days is later by each day of the term in which its clock stood', () => {
    fc.assert(
      fc.property(term, (each) => {
        const plain = { ...each, kind: 'CALENDAR_DAYS', holidayShift: false } as const;
        const stood = ticked(plain, dueAt(plain)).filter((day) => stands(plain, day));
        const later = Date.parse(dueAt(plain)) - Date.parse(dueAt({ ...plain, pauses: [] }));
        expect(later).toBe(stood.length * 86_400_000);
      }),
    );
  });

  it('never comes earlier for a pause, whatever is counted', () => {
    fc.assert(fc.property(term, (each) => dueAt({ ...each, pauses: [] }) <= dueAt(each)));
  });

  it('with the shift ends on a working day in which the clock goes', () => {
    fc.assert(
      fc.property(term, (each) => {
        const shifted = { ...each, holidayShift: true };
        const last = ticked(shifted, dueAt(shifted)).at(-1)!;
        expect(isWorkingDay(chinaCalendar, last) && !stands(shifted, last)).toBe(true);
      }),
    );
  });

  it('does not depend on how its begin is written', () => {
    fc.assert(
      fc.property(term, (each) => {
        const local = new Date(Date.parse(each.from) + 8 * 3_600_000).toISOString();
        expect(dueAt({ ...each, from: local.replace('Z', '+08:00') })).toBe(dueAt(each));
      }),
    );
  });
});
