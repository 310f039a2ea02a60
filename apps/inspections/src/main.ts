import { runAlone } from '#libs/service';
import { inspections } from './inspections.module.js';

await runAlone('inspections', (host) => inspections(host));
