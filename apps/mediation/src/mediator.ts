import type { AreaCode } from '#libs/contracts';
import type { Aggregate } from '#libs/event';
import type { MediatorEvent } from './mediator.events.js';

/** 调解员: who holds a mediator's post, as this service has heard it from the registry. */
export type Mediator =
  | { readonly status: 'none' }
  | { readonly status: 'serving'; readonly area: AreaCode }
  | { readonly status: 'released' };

/** 列为调解员: somebody was appointed to a mediator's post. */
export interface EnlistMediator {
  readonly mediator: string;
  readonly area: AreaCode;
  readonly at: string;
}

/** 撤出调解员: the holder of a mediator's post was released. */
export interface WithdrawMediator {
  readonly mediator: string;
  readonly at: string;
}

export const mediators: Aggregate<Mediator, MediatorEvent> = {
  category: 'mediator',
  initial: { status: 'none' },
  evolve: (_, event) => {
    switch (event.type) {
      case 'MediatorEnlisted':
      case 'MediatorMoved':
        return { status: 'serving', area: event.area };
      case 'MediatorWithdrawn':
        return { status: 'released' };
    }
  },
};

/** Who was released once does not come back: a new appointment has a new id. */
export function enlistMediator(
  command: EnlistMediator,
  mediator: Mediator,
): readonly MediatorEvent[] {
  return mediator.status === 'none' ? [{ type: 'MediatorEnlisted', ...command }] : [];
}

/**
 * Who was released in the meantime stays so. The move may be heard before the appointment, when that
 * is parked: it then stands for both.
 */
export function moveMediator(
  command: EnlistMediator,
  mediator: Mediator,
): readonly MediatorEvent[] {
  const stays = mediator.status === 'serving' && mediator.area === command.area;
  const isOver = mediator.status === 'released';
  return stays || isOver ? [] : [{ type: 'MediatorMoved', ...command }];
}

export function withdrawMediator(
  command: WithdrawMediator,
  mediator: Mediator,
): readonly MediatorEvent[] {
  return mediator.status === 'released' ? [] : [{ type: 'MediatorWithdrawn', ...command }];
}
