import { given } from '#libs/event';
import { adoptCalendar, adoptedCalendars } from './adopted-calendar.js';
import { adoptedCalendarEvents } from './adopted-calendar.events.js';
import { chinaCalendar } from './china-calendar.js';

const adopt = { calendar: chinaCalendar, at: '2026-03-09T08:00:00.000Z' };
const adopted = { type: 'CalendarAdopted', ...chinaCalendar, at: adopt.at };
const next = { ...chinaCalendar, version: 2 };

describe('adopting a calendar', () => {
  it('records all of it, so that nothing else is needed to compute again', () => {
    const { then, state } = given(adoptedCalendars, []).when(adoptCalendar, adopt);
    expect(then).toEqual([adopted]);
    expect(state).toEqual(chinaCalendar);
    const { type: _, ...data } = adopted;
    expect(adoptedCalendarEvents.CalendarAdopted.parse(data)).toEqual(data);
  });

  it('happens once', () => {
    const calendar = given(adoptedCalendars, []).when(adoptCalendar, adopt);
    expect(calendar.when(adoptCalendar, adopt).then).toEqual([]);
  });

  it('takes a newer one, and never an older one again', () => {
    const calendar = given(adoptedCalendars, [])
      .when(adoptCalendar, adopt)
      .when(adoptCalendar, { ...adopt, calendar: next });
    expect(calendar.state).toEqual(next);
    expect(calendar.when(adoptCalendar, adopt).then).toEqual([]);
  });
});
