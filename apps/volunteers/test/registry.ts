import type {
  GridClosingPublishedEvent,
  GridRegistryPublishedEvent,
  InspectionsPublishedEvent,
} from '#libs/contracts';
import type { Recorded } from '#libs/event';
import { GRID, HAZARD, id, local, NOW, OBSERVATION, SUCCESSOR } from './patrols.js';

type Told = GridRegistryPublishedEvent | GridClosingPublishedEvent | InspectionsPublishedEvent;

export const CLOSING = id('e9');

/** What the registry tells of one grid. */
export const opened = { type: 'GridOpened', grid: GRID, name: '第一网格', at: NOW } as const;
export const closing = {
  type: 'GridClosing',
  grid: GRID,
  closing: CLOSING,
  successors: [SUCCESSOR],
  asked: ['volunteers'],
  // The registry alone can open it.
  sealed: { subject: CLOSING, key: 'k'.repeat(43), box: 'b'.repeat(40) },
  at: NOW,
} satisfies Told;
export const retirementRefused = {
  type: 'GridRetirementRefused',
  grid: GRID,
  closing: CLOSING,
  open: [{ service: 'volunteers', count: 2 }],
  at: NOW,
} satisfies Told;

/** What inspections tells of the hazard that the observation led to. */
const hazard = { hazard: HAZARD, observation: OBSERVATION, at: local(19, 1) };

export const hazardFound = {
  type: 'HazardFound',
  ...hazard,
  grid: GRID,
  place: null,
  inspection: null,
  sealed: null,
  finder: 'service:inspections',
} satisfies Told;
export const hazardClosed = { type: 'HazardClosed', ...hazard, fixedOnSpot: false } satisfies Told;

/** An event as the log of another service hands it over. */
export function told<Event extends Told>(
  event: Event,
  position = 0,
  origin = 'grid-registry',
): Recorded<Event> {
  const place = { origin, position, stream: 'spec', version: position };
  return { ...place, recordedAt: NOW, actor: 'spec', commandId: id('e1'), event };
}
