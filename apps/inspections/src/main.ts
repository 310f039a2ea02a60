import { runAlone } from '#libs/service';
import { inspections } from './inspections.module.js';

await runAlone('inspections', (host, { recheckDays }) => inspections(host, { recheckDays }));
