import { Along, type InTheWay, type Located } from './along.js';
import { endOfDay } from './days.js';
import type { Acknowledged } from './ledger.js';
import { settings } from './settings.js';
import type { Moment } from './timeline.js';

export interface ExpectedDispute extends Located {
  readonly id: string;
  readonly parties: readonly string[];
  readonly consents: Set<string>;
  status: string;
  mediator: string | null;
  sessions: number;
  /** When the time to mediate in ends; null before all have agreed. */
  dueAt: string | null;
}

export interface ExpectedMediation {
  readonly disputes: ReadonlyMap<string, ExpectedDispute>;
  readonly inTheWay: readonly InTheWay[];
  /** Commands that were done though the rules are against it. */
  readonly wrong: readonly string[];
}

const CLOSED = new Set(['SETTLED', 'NOT_ACCEPTED', 'TERMINATED']);

/**
 * Where each dispute must stand: it waits for the consent of every party (People's Mediation Law
 * art. 17), then for a mediator, then for a session, then for an agreement that all have signed. One
 * party's refusal ends it. Who has it and is released gives it back.
 */
export function expectedDisputes(timeline: readonly Moment[]): ExpectedMediation {
  const disputes = new Map<string, ExpectedDispute>();
  const released = new Set<string>();
  const wrong: string[] = [];
  const isOpen = (dispute: ExpectedDispute): boolean => !isClosed(dispute);
  // The values of a map are read anew each time that they are gone through.
  const works = { [Symbol.iterator]: () => disputes.values() };
  const along = new Along<ExpectedDispute>('mediation', works, isOpen);

  const giveBack = (dispute: ExpectedDispute): void => {
    if (!isOpen(dispute) || dispute.mediator === null || !released.has(dispute.mediator)) return;
    dispute.status = 'ACCEPTED';
    dispute.mediator = null;
  };
  for (const { told, heard } of timeline) {
    if (heard?.type === 'MediatorWithdrawn') released.add(String(heard.facts['mediator']));
    if (heard !== undefined) along.hears(heard);
    if (told === undefined) continue;
    const { asked, id } = told;
    if (asked.name === 'reportDispute') disputes.set(id, reported(told, asked.input.grid));
    const dispute = disputes.get(id);
    // It may have been given back before, or it is not yet: an assignment shows that it was.
    if (asked.name === 'assign' && dispute !== undefined) giveBack(dispute);
    const objection = dispute === undefined ? 'of no dispute' : goesOn(dispute, told);
    if (objection !== undefined)
      wrong.push(`mediation@${told.position} ${asked.name}: ${objection}`);
  }
  for (const dispute of disputes.values()) giveBack(dispute);
  return { disputes, inTheWay: along.inTheWay, wrong };
}

export function isClosed({ status }: ExpectedDispute): boolean {
  return CLOSED.has(status);
}

function reported({ id, persons: parties }: Acknowledged, grid: string): ExpectedDispute {
  const none = { consents: new Set<string>(), mediator: null, sessions: 0, dueAt: null };
  return { id, parties, grids: new Set([grid]), status: 'CONSENT_PENDING', ...none };
}

/** @returns why it may not be, if it may not */
function goesOn(dispute: ExpectedDispute, { asked, at }: Acknowledged): string | undefined {
  const { status, parties, consents } = dispute;
  if (asked.name === 'reportDispute') return undefined;
  if (CLOSED.has(status)) return `after it was ${status}`;
  const isAssigned = status === 'ASSIGNED' || status === 'MEDIATING';
  switch (asked.name) {
    case 'consent':
      if (status !== 'CONSENT_PENDING') return `while it is ${status}`;
      consents.add(asked.input.party);
      if (parties.every((party) => consents.has(party))) {
        dispute.status = 'ACCEPTED';
        dispute.dueAt = endOfDay(at, settings.mediationDays);
      }
      return parties.includes(asked.input.party) ? undefined : 'by a stranger';
    case 'assign':
      if (status !== 'ACCEPTED') return `while it is ${status}`;
      dispute.status = 'ASSIGNED';
      dispute.mediator = asked.input.mediator;
      return undefined;
    case 'recordSession':
      dispute.status = 'MEDIATING';
      dispute.sessions += 1;
      return isAssigned ? undefined : `while it is ${status}`;
    case 'settle': {
      dispute.status = 'SETTLED';
      const signed = parties.every((party) => asked.input.signedBy.includes(party));
      return status === 'MEDIATING' && signed ? undefined : `while it is ${status}`;
    }
    case 'refuseMediation':
    case 'endMediation':
      dispute.status = status === 'CONSENT_PENDING' ? 'NOT_ACCEPTED' : 'TERMINATED';
      return undefined;
    default:
      return 'is nothing that is done to a dispute';
  }
}
