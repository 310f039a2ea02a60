import { type Entry, recordedOf } from '#libs/event-log';
import { rowsWritten, type ViewRow } from '#libs/views';
import { type AuditedService, eventsOf } from '../audited-services.js';

/** A row of a view as it was at some time. */
export interface PastRow {
  readonly view: string;
  readonly key: string;
  readonly row: ViewRow;
}

/**
 * The rows that a record had in every view of its service once these events were applied. A row is
 * written by one stream only, so that no other event could have changed it.
 *
 * @param entries the first events of one stream
 * @throws UnknownEvent, LogDamaged as a service would when it read them
 */
export function rowsOfRecord(
  audited: AuditedService,
  entries: readonly Entry[],
): readonly PastRow[] {
  const { name, views } = audited;
  const schemas = eventsOf(audited);
  const recorded = entries.map((entry) => recordedOf(name, schemas, entry));
  return views.flatMap((view) => {
    const rows = rowsWritten(view, recorded);
    return [...rows].map(([key, row]) => ({ view: view.name, key, row }));
  });
}
