import { jest } from '@jest/globals';
import { SteppedClock, SystemClock } from './system-scheduler.js';

const clock = new SystemClock();

it('runs what is put off, and what is put off no more not', async () => {
  const ran: string[] = [];
  clock.after(1, () => ran.push('taken back'))();
  await new Promise<void>((resolve) => {
    clock.soon(() => ran.push('soon'));
    clock.after(5, () => {
      ran.push('after');
      resolve();
    });
  });
  expect(ran).toEqual(['soon', 'after']);
});

it.each([
  ['after', true],
  ['inBackground', false],
  ['every', false],
] as const)('keeps the process alive for what somebody waits for: %s', (method, isHeld) => {
  const set = jest.spyOn(globalThis, 'setTimeout');
  const cancel = clock[method](60_000, () => undefined);
  const [made] = set.mock.results;
  expect((made?.value as NodeJS.Timeout).hasRef()).toBe(isHeld);
  cancel();
  set.mockRestore();
});

it('tells the time in UTC with milliseconds, and how much of it has passed', () => {
  expect(clock.now()).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  const before = clock.elapsedMs();
  expect(clock.elapsedMs()).toBeGreaterThanOrEqual(before);
});

it('stands still until it is moved, and never goes back', () => {
  const stepped = new SteppedClock(Date.parse('2026-03-01T00:00:00.000Z'));
  expect(stepped.now()).toBe('2026-03-01T00:00:00.000Z');
  stepped.moveTo(Date.parse('2026-03-02T00:00:00.000Z'));
  stepped.moveTo(Date.parse('2026-02-01T00:00:00.000Z'));
  expect(stepped.now()).toBe('2026-03-02T00:00:00.000Z');
});
