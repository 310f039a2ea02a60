import { runAlone } from '#libs/service';
import { mediation } from './mediation.module.js';

await runAlone('mediation', (host, { mediationDays: days, holidayShift, consentDays }) =>
  mediation(host, { days, holidayShift, consentDays }),
);
