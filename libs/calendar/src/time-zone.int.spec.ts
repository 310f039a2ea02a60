import { spawnSync } from 'node:child_process';
import { chinaCalendar } from './china-calendar.js';
import { dueOf } from './deadline.js';
import type { Term } from './term.js';

const term: Term = {
  kind: 'WORKING_DAYS',
  days: 20,
  from: '2026-09-18T17:00:00Z',
  pauses: [],
  holidayShift: false,
};

/** Reads the calendar anew, in a process of its own, as the built program does. */
const print = `
  const { chinaCalendar, dueOf } = await import('#libs/calendar');
  console.log(JSON.stringify([chinaCalendar, dueOf(${JSON.stringify(term)}, chinaCalendar)]));
`;

it.each(['Asia/Shanghai', 'UTC', 'America/New_York', 'Pacific/Kiritimati', 'Pacific/Niue'])(
  'the calendar and a due date are the same on a machine in %s',
  (TZ) => {
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', print], {
      env: { PATH: process.env['PATH'], TZ },
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual([chinaCalendar, dueOf(term, chinaCalendar)]);
  },
);
