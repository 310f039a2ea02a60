import { areaCodeField } from '#libs/contracts';
import { given } from '#libs/event';
import { appointments, endAppointment, hearAppointment, moveAppointment } from './appointment.js';

const told = {
  holder: '019a0000-0000-7000-8000-0000000000b1',
  account: 'a-1',
  post: '019a0000-0000-7000-8000-0000000000c1',
  kind: 'MEDIATOR',
  area: areaCodeField.parse('430502001001001'),
  at: '2026-03-09T08:00:00.000Z',
} as const;
const elsewhere = { ...told, area: areaCodeField.parse('430502001001002') };
const heard = { type: 'AppointmentHeard', ...told } as const;
const moved = { type: 'AppointmentMoved', ...elsewhere } as const;
const ended = { type: 'AppointmentEnded', ...told } as const;

describe('hearing of an appointment', () => {
  it('gives the account the rights of the post, once', () => {
    const appointment = given(appointments, []).when(hearAppointment, told);
    expect(appointment.then).toEqual([heard]);
    expect(appointment.when(hearAppointment, told).then).toEqual([]);
  });

  it('gives nothing back to who was released', () => {
    expect(given(appointments, [heard, ended]).when(hearAppointment, told).then).toEqual([]);
    expect(given(appointments, [ended]).when(hearAppointment, told).then).toEqual([]);
  });
});

describe('hearing that the post went along with its grid', () => {
  it('moves the rights there, once', () => {
    const appointment = given(appointments, [heard]).when(moveAppointment, elsewhere);
    expect(appointment.then).toEqual([moved]);
    expect(appointment.when(moveAppointment, elsewhere).then).toEqual([]);
  });

  it('stands for both when it comes before the appointment', () => {
    const appointment = given(appointments, []).when(moveAppointment, elsewhere);
    expect(appointment.then).toEqual([moved]);
    const late = appointment.when(hearAppointment, told);
    expect([late.then, late.state]).toEqual([[], { status: 'serving', area: elsewhere.area }]);
  });

  it('is nothing to who was released meanwhile', () => {
    expect(given(appointments, [ended]).when(moveAppointment, elsewhere).then).toEqual([]);
  });
});

describe('hearing of the release', () => {
  it('takes the rights, once, also of one who was never heard of', () => {
    for (const before of [[], [heard], [heard, moved]]) {
      const appointment = given(appointments, before).when(endAppointment, told);
      expect(appointment.then).toEqual([ended]);
      expect(appointment.when(endAppointment, told).then).toEqual([]);
    }
  });
});
