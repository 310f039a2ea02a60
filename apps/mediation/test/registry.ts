import type { GridClosingPublishedEvent, GridRegistryPublishedEvent } from '#libs/contracts';
import type { Recorded } from '#libs/event';
import { EAST, GRID, id, LI, NOW, VILLAGE } from './disputes.js';

/** A section that the registry has sealed: nobody here can open it, or needs to. */
const sealedFor = (subject: string) => ({ subject, key: 'k'.repeat(43), box: 'b'.repeat(40) });
const post = { post: id('c1'), kind: 'MEDIATOR', area: VILLAGE, holder: LI, at: NOW } as const;

/** What the registry tells of one grid and of one mediator's post. */
export const opened = { type: 'GridOpened', grid: GRID, name: '第一网格', at: NOW } as const;
export const appointed = { type: 'HolderAppointed', ...post, sealed: sealedFor(LI) } as const;
export const released = { type: 'HolderReleased', ...post, sealed: sealedFor(LI) } as const;

const attempt = { grid: GRID, closing: id('f1'), at: NOW };

export const closing = {
  type: 'GridClosing',
  ...attempt,
  successors: [EAST],
  asked: ['grid-registry', 'mediation'],
  sealed: sealedFor(attempt.closing),
} satisfies GridClosingPublishedEvent;
export const staysOpen = {
  type: 'GridRetirementRefused',
  ...attempt,
  open: [{ service: 'mediation', count: 1 }],
} satisfies GridClosingPublishedEvent;
export const postMoved = {
  type: 'PostMoved',
  ...post,
  from: GRID,
  area: EAST,
} satisfies GridClosingPublishedEvent;

/** An event as the registry's log hands it over. */
export function fromRegistry<Event extends GridRegistryPublishedEvent | GridClosingPublishedEvent>(
  event: Event,
  position = 0,
): Recorded<Event> {
  return {
    origin: 'grid-registry',
    position,
    stream: 'spec',
    version: position,
    recordedAt: NOW,
    actor: 'spec',
    commandId: id('e1'),
    event,
  };
}
