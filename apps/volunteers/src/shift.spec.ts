import fc from 'fast-check';
import { type Decision, given, isRefusal } from '#libs/event';
import { GRID, lin, LIN, lives, local, mei, MEI, SHIFT, SUCCESSOR } from '../test/patrols.js';
import { checkIn, checkOut, confirmHours } from './shift.duty.js';
import { type ShiftEvent, shiftEvents } from './shift.events.js';
import { type Shift, type ShiftRefusal, shifts } from './shift.js';
import { cancelShift, claimShift, moveShift } from './shift.roster.js';
import type { VolunteerRefusal } from './volunteer.js';

type ShiftDecision = Decision<ShiftEvent, ShiftRefusal | VolunteerRefusal>;

/** A command that anybody may send at any time. */
type Step = (shift: Shift) => ShiftDecision;

/** What became of a step: the events before it and those that it led to. */
interface Taken {
  readonly before: readonly ShiftEvent[];
  readonly added: readonly ShiftEvent[];
  /** What the same step leads to right after it. */
  readonly again: ShiftDecision;
}

const times = [local(16), local(17, 45), local(19), local(21), local(23)];
const people = [
  { id: LIN, state: lin },
  { id: MEI, state: mei },
] as const;

const everyStep: readonly Step[] = times.flatMap((at): readonly Step[] => [
  ...people.flatMap(({ id: volunteer, state }): readonly Step[] => {
    const command = { shift: SHIFT, volunteer, at };
    return [
      (shift) => claimShift(command, shift, state),
      (shift) => checkIn(command, shift),
      (shift) => checkOut(command, shift),
      (shift) => confirmHours({ shift: SHIFT, by: volunteer, at }, shift),
    ];
  }),
  (shift) => confirmHours({ shift: SHIFT, by: 'supervisor', at }, shift),
  (shift) => cancelShift({ shift: SHIFT, at }, shift),
  ...[GRID, SUCCESSOR].map(
    (grid): Step =>
      (shift) =>
        moveShift({ shift: SHIFT, grid, at }, shift),
  ),
]);

function taken(from: readonly ShiftEvent[], steps: readonly Step[]): readonly Taken[] {
  let before = from;
  return steps.map((step) => {
    const decision = step(given(shifts, before).state);
    const added = isRefusal(decision) ? [] : decision;
    const after = [...before, ...added];
    const done = { before, added, again: step(given(shifts, after).state) };
    before = after;
    return done;
  });
}

/** Checks what holds for each step of any sequence of commands, from any state on. */
function always(check: (step: Taken) => void): void {
  const sequence = fc.record({
    from: fc.constantFrom(...Object.values(lives)),
    steps: fc.array(fc.constantFrom(...everyStep), { maxLength: 30 }),
  });
  fc.assert(
    fc.property(sequence, ({ from, steps }) => taken(from, steps).forEach(check)),
    { numRuns: 300 },
  );
}

const has = (events: readonly ShiftEvent[], type: ShiftEvent['type']): boolean =>
  events.some((event) => event.type === type);

describe('a shift, whatever is asked of it and in whatever order', () => {
  it('has ended for good once its hours are confirmed or it is cancelled', () => {
    always(({ before, added }) => {
      const ended = has(before, 'HoursConfirmed') || has(before, 'ShiftCancelled');
      if (ended) expect(added).toEqual([]);
    });
  });

  it('has one volunteer, from the claim to the hours', () => {
    always(({ before, added }) => {
      const named = [...before, ...added].flatMap((event) =>
        'volunteer' in event && event.volunteer !== null ? [event.volunteer] : [],
      );
      expect(new Set(named).size).toBeLessThan(2);
    });
  });

  it('gives hours only after a check-in and a check-out', () => {
    always(({ before, added }) => {
      if (has(added, 'HoursConfirmed')) expect(has(before, 'ShiftCheckedOut')).toBe(true);
      if (has(added, 'ShiftCheckedOut')) expect(has(before, 'ShiftCheckedIn')).toBe(true);
      if (has(added, 'ShiftCheckedIn')) expect(has(before, 'ShiftClaimed')).toBe(true);
    });
  });

  it('is not changed a second time by a command that is repeated', () => {
    always(({ again }) => {
      if (!isRefusal(again)) expect(again).toEqual([]);
    });
  });

  it('records only what its schemas say', () => {
    always(({ added }) => {
      for (const { type, ...data } of added) expect(shiftEvents[type].parse(data)).toEqual(data);
    });
  });
});
