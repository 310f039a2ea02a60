import { runAlone } from '#libs/service';
import { volunteers } from './volunteers.module.js';

await runAlone('volunteers', (host) => volunteers(host));
