import type { ServiceStatus } from './house-status.js';
import { metricsText } from './metrics.js';
import { statusPage } from './status-page.js';

const heard = { origin: 'mediation', position: 7, head: 7, lagEvents: 0, lagSeconds: 0 };
const status = (more: object): ServiceStatus => ({
  service: 'volunteers',
  head: 3,
  views: {
    position: 2,
    parked: 0,
    frozen: 0,
    generation: 1,
    rebuild: null,
    states: [],
    lagEvents: 0,
    lagSeconds: 0,
  },
  heard: [{ ...heard, ...more }],
  masked: false,
  newsSeconds: 0,
  parked: { streams: 0, queued: 0, oldestSeconds: 0 },
});
const at = '2026-03-01T00:00:00.000Z';
const gauge = 'fengqiao_consumer_unreachable{service="volunteers",origin="mediation"}';

it('a service that cannot be asked is not shown as one that is up to date', () => {
  const away = [status({ unreachable: 'nobody there' })];
  expect(statusPage(away, at)).toMatch(
    /class="bad"><th>无法询问 Cannot ask mediation<\/th><td>nobody/,
  );
  expect(statusPage(away, at)).not.toContain('Hears mediation');
  expect(metricsText(away)).toContain(`${gauge} 1\n`);
});

it('one that is heard is shown with how far', () => {
  const up = [status({})];
  expect(statusPage(up, at)).toContain('Hears mediation up to</th><td>7, 0<');
  expect(metricsText(up)).toContain(`${gauge} 0\n`);
});
