import type { GridClosingPublishedEvent } from '#libs/contracts';
import type { DomainEvent, Recorded } from '#libs/event';
import { CLOSING, GRID, id, NOW, OBSERVATION, SUCCESSOR, VOLUNTEER } from './hazards.js';

type GridClosing = Extract<GridClosingPublishedEvent, { type: 'GridClosing' }>;

const at = { at: NOW };

/** What the registry and volunteers tell. */
export const opened = { type: 'GridOpened', grid: GRID, name: '第一网格', ...at } as const;
export const closing: GridClosing = {
  type: 'GridClosing',
  grid: GRID,
  closing: CLOSING,
  successors: [SUCCESSOR],
  asked: ['inspections'],
  // The registry alone can open it.
  sealed: { subject: CLOSING, key: 'k'.repeat(43), box: 'b'.repeat(40) },
  ...at,
};
export const observation = {
  type: 'ObservationNoted',
  observation: OBSERVATION,
  shift: id('c9'),
  grid: GRID,
  // Volunteers alone can open it.
  sealed: { subject: OBSERVATION, key: 'k'.repeat(43), box: 'b'.repeat(40) },
  ...at,
} as const;

/** An event as another service's log hands it over. */
export function told<Event extends DomainEvent>(
  origin: 'grid-registry' | 'volunteers',
  event: Event,
  position = 0,
): Recorded<Event> {
  return {
    origin,
    position,
    stream: 'spec',
    version: position,
    recordedAt: NOW,
    actor: VOLUNTEER,
    commandId: id('e1'),
    event,
  };
}
