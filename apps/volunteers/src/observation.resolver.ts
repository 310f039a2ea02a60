import { Args, Parent, Query, ResolveField, ResolveReference, Resolver } from '@nestjs/graphql';
import type { Actor } from '#libs/access';
import { refuse } from '#libs/event';
import {
  Acting,
  allowed,
  authorise,
  Opening,
  OpenWith,
  Reading,
  ReadFrom,
  RecordArgs,
  refusalError,
} from '#libs/service';
import { ObservationNode } from './observation.schema.js';
import { ObservationService } from './observation.service.js';
import { type ObservationRow, observationsView } from './observations.view.js';
import { patrolsView } from './patrols.view.js';
import { patrolTarget } from './served-shifts.service.js';
import { shiftRefusals } from './shift.refusals.js';

const mayBeGone = { nullable: true, description: 'Null once it was erased.' };

@Resolver(() => ObservationNode)
export class ObservationResolver {
  constructor(private readonly observations: ObservationService) {}

  @Query(() => ObservationNode, { nullable: true, description: '巡防发现: one observation.' })
  observation(
    @Args() { id }: RecordArgs,
    @Acting() actor: Actor,
    @ReadFrom() views: Reading,
  ): Promise<ObservationRow> {
    return this.readable(views, actor, id);
  }

  @ResolveReference()
  resolveReference(
    @Parent() { id }: { id: string },
    @Acting() actor: Actor,
    @ReadFrom() views: Reading,
  ): Promise<ObservationRow> {
    return this.readable(views, actor, id);
  }

  @ResolveField(() => String, mayBeGone)
  place(@Parent() { sealed }: ObservationRow, @OpenWith() opening: Opening): string | null {
    return opening.open(sealed)?.place ?? null;
  }

  @ResolveField(() => String, mayBeGone)
  fact(@Parent() { sealed }: ObservationRow, @OpenWith() opening: Opening): string | null {
    return opening.open(sealed)?.fact ?? null;
  }

  /** Beside who may see all that was noted on the patrol: who works on the hazard it led to. */
  private async readable(views: Reading, actor: Actor, id: string): Promise<ObservationRow> {
    const row = await views.record(observationsView, id, async ({ shift, grid }) => {
      const patrol = await views.today(patrolsView, shift);
      if (patrol !== undefined && allowed(actor, 'served.read', patrolTarget(patrol))) return;
      authorise(actor, 'hazard.read', await this.observations.workOf(grid));
    });
    if (row !== undefined) return row;
    const refusal = refuse('ObservationNotFound', { observation: id.slice(0, 40) });
    throw refusalError(refusal, shiftRefusals);
  }
}
