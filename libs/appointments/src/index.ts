export { type AppointmentEvent, appointmentEvents } from './appointment.events.js';
export {
  type Appointment,
  appointments,
  endAppointment,
  type HearAppointment,
  hearAppointment,
  moveAppointment,
} from './appointment.js';
export { type AppointmentRow, heardAppointmentsView } from './appointments.view.js';
export { grantsOf } from './grants-of.js';
