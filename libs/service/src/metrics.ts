import type { ServiceStatus } from './house-status.js';

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [labels: Labels, value: number];

interface Gauge {
  readonly name: string;
  readonly help: string;
  /** Absent: it is a gauge. */
  readonly type?: 'counter';
  readonly of: (status: ServiceStatus) => readonly Sample[];
}

const one = (value: number): readonly Sample[] => [[{}, value]];
const byOrigin = (
  status: ServiceStatus,
  of: (heard: ServiceStatus['heard'][number]) => number,
): readonly Sample[] => status.heard.map((heard) => [{ origin: heard.origin }, of(heard)]);

/** Every gauge has the label `service`; those of a consumer `origin` as well. */
const GAUGES: readonly Gauge[] = [
  { name: 'log_events', help: 'Events in the log.', of: ({ head }) => one(head) },
  {
    name: 'log_read_only',
    help: '1 while the log records nothing.',
    of: ({ readOnly }) => one(readOnly === undefined ? 0 : 1),
  },
  {
    name: 'views_lag_events',
    help: 'Events of the own log that the views, or one of them, have not read.',
    of: ({ views }) => one(views.lagEvents),
  },
  {
    name: 'views_lag_seconds',
    help: 'Age of the oldest of them.',
    of: ({ views }) => one(views.lagSeconds),
  },
  {
    name: 'views_frozen',
    help: 'Views that stand still until they have been made anew.',
    of: ({ views }) => one(views.frozen),
  },
  {
    name: 'consumer_lag_events',
    help: 'Events of another service that were not handled.',
    of: (status) => byOrigin(status, ({ lagEvents }) => lagEvents),
  },
  {
    name: 'consumer_lag_seconds',
    help: 'Age of the oldest of them.',
    of: (status) => byOrigin(status, ({ lagSeconds }) => lagSeconds),
  },
  {
    name: 'consumer_stopped',
    help: '1 when an event was met that only a newer version can read.',
    of: (status) => byOrigin(status, ({ stopped }) => (stopped === undefined ? 0 : 1)),
  },
  {
    name: 'masked',
    help: '1 when no personal data are shown, since there is no news of appointments.',
    of: ({ masked }) => one(masked ? 1 : 0),
  },
  {
    name: 'consumer_unreachable',
    help: '1 while the other service cannot be asked how far it is: the lag is not known.',
    of: (status) => byOrigin(status, ({ unreachable }) => (unreachable === undefined ? 0 : 1)),
  },
  {
    name: 'consumer_refused_messages_total',
    help: 'Messages of another service that were not believed, since its relay did not send them.',
    type: 'counter',
    of: (status) => byOrigin(status, ({ refused = 0 }) => refused),
  },
  {
    name: 'parked_streams',
    help: 'Streams that a reaction or a view cannot go on with.',
    of: ({ parked }) => one(parked.streams),
  },
  {
    name: 'parked_queued_events',
    help: 'Later events that queue behind them.',
    of: ({ parked }) => one(parked.queued),
  },
  {
    name: 'parked_oldest_seconds',
    help: 'For how long the oldest has been parked.',
    of: ({ parked }) => one(parked.oldestSeconds),
  },
];

/** Text exposition format 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/). */
export function metricsText(services: readonly ServiceStatus[]): string {
  return GAUGES.map(({ name, help, type = 'gauge', of }) => {
    const full = `fengqiao_${name}`;
    const samples = services.flatMap((status) =>
      of(status).map(([labels, value]) =>
        sample(full, { service: status.service, ...labels }, value),
      ),
    );
    return [`# HELP ${full} ${help}`, `# TYPE ${full} ${type}`, ...samples, ''].join('\n');
  }).join('');
}

/** Names of services need no escapes: letters, digits and hyphens. */
function sample(name: string, labels: Labels, value: number): string {
  const named = Object.entries(labels).map(([label, text]) => `${label}="${text}"`);
  return `${name}{${named.join(',')}} ${value}`;
}
