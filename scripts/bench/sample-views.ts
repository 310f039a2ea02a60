import { defineView, viewList } from '#libs/views';
import { type BenchEvent, benchEvents } from './sample-events.ts';

export interface NoteRow {
  readonly id: string;
  readonly grid: string;
  readonly kind: string;
  readonly open: boolean;
  readonly place: string;
  readonly summary: string;
  readonly notedAt: string;
  readonly lastAt: string;
  readonly notes: number;
}

const definition = {
  name: 'notes',
  indexes: [
    ['open', 'grid', 'notedAt', 'id'],
    ['grid', 'notedAt', 'id'],
    ['kind', 'id'],
  ],
  key: 'dispute',
  starts: {
    DisputeNoted: ({ event }: { readonly event: BenchEvent }) => ({
      id: event.dispute,
      grid: event.grid,
      kind: event.kind,
      open: true,
      place: event.place,
      summary: event.summary,
      notedAt: event.at,
      lastAt: event.at,
      notes: 1,
    }),
  },
  changes: {
    DisputeNoted: (row: NoteRow, { event }: { readonly event: BenchEvent }) => ({
      ...row,
      summary: event.summary,
      lastAt: event.at,
      notes: row.notes + 1,
      open: row.notes % 12 !== 11,
    }),
  },
} as const;

/** A dispute as a list shows it, with three indexes. */
export const notesView = defineView<NoteRow, BenchEvent, 'dispute'>({ ...definition, version: 1 });

/** The same question, defined anew: what makes a service rebuild. */
export const renewedView = defineView<NoteRow, BenchEvent, 'dispute'>({
  ...definition,
  version: 2,
});

export const renewedViews = viewList(import.meta.url, benchEvents, [renewedView]);
