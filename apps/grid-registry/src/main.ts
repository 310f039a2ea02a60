import { runAlone } from '#libs/service';
import { loadFirstAreas } from '../divisions/first-load.js';
import { AreaService } from './area.service.js';
import { gridRegistry } from './grid-registry.module.js';

await runAlone(
  'grid-registry',
  (host) => gridRegistry(host),
  (service) => loadFirstAreas(service.get(AreaService), process.stderr),
);
