import { Args, Mutation, Resolver } from '@nestjs/graphql';
import type { Action, Actor } from '#libs/access';
import { refuse } from '#libs/event';
import { type CommandMeta, type Done, positionText } from '#libs/event-log';
import { Acting, authorise, commandMeta, doneOf, refusalError } from '#libs/service';
import { LiveViews } from '#libs/views';
import { gridRefusals } from './grid.refusals.js';
import {
  GradeHazardInput,
  type HazardInput,
  RecheckHazardInput,
  RectifyHazardInput,
  ReportHazardInput,
} from './hazard-commands.schema.js';
import { hazardRefusals } from './hazard.refusals.js';
import { HazardPayload } from './hazard.schema.js';
import { HazardService } from './hazard.service.js';
import { type HazardRow, hazardsView } from './hazards.view.js';
import { inspectionRefusals } from './inspection.refusals.js';
import { inspectionsView } from './inspections.view.js';
import { placeRefusals } from './place.refusals.js';
import { placesView } from './places.view.js';

const texts = { ...gridRefusals, ...placeRefusals, ...inspectionRefusals, ...hazardRefusals };

const answers = (description: string) => ({ nullable: true, description });

@Resolver()
export class HazardCommandsResolver {
  constructor(
    private readonly hazards: HazardService,
    private readonly views: LiveViews,
  ) {}

  @Mutation(() => HazardPayload, answers('上报隐患: a hazard that an inspection found.'))
  async reportHazard(
    @Args('input') input: ReportHazardInput,
    @Acting() actor: Actor,
  ): Promise<HazardPayload> {
    const { inspectionId, item, description, grade, fixedOnSpot, dueInDays = null } = input;
    await this.authoriseReport(actor, inspectionId);
    const ask = { inspection: inspectionId, item, description, grade, fixedOnSpot, dueInDays };
    const meta = commandMeta(actor, 'reportHazard', input);
    return this.answer(doneOf(await this.hazards.report(meta, ask), texts));
  }

  @Mutation(() => HazardPayload, answers('隐患定级: grade a hazard and set its time limit.'))
  async gradeHazard(
    @Args('input') input: GradeHazardInput,
    @Acting() actor: Actor,
  ): Promise<HazardPayload> {
    const { meta, hazard } = await this.asked(actor, 'hazard.manage', 'gradeHazard', input);
    const { grade, dueInDays } = input;
    const outcome = await this.hazards.grade(meta, { hazard: hazard.id, grade, dueInDays });
    return this.answer(doneOf(outcome, texts), hazard);
  }

  @Mutation(() => HazardPayload, answers('整改隐患: record that a hazard was put right.'))
  async rectifyHazard(
    @Args('input') input: RectifyHazardInput,
    @Acting() actor: Actor,
  ): Promise<HazardPayload> {
    const { meta, hazard } = await this.asked(actor, 'hazard.manage', 'rectifyHazard', input);
    const ask = { hazard: hazard.id, evidence: input.evidence, rectifier: actor.subject };
    return this.answer(doneOf(await this.hazards.rectify(meta, ask), texts), hazard);
  }

  @Mutation(
    () => HazardPayload,
    answers('复查隐患: somebody other than its finder looks again; what is right is closed.'),
  )
  async recheckHazard(
    @Args('input') input: RecheckHazardInput,
    @Acting() actor: Actor,
  ): Promise<HazardPayload> {
    const { meta, hazard } = await this.asked(actor, 'hazard.recheck', 'recheckHazard', input);
    const { passed, dueInDays = null } = input;
    const ask = { hazard: hazard.id, rechecker: actor.subject, passed, dueInDays };
    return this.answer(doneOf(await this.hazards.recheck(meta, ask), texts), hazard);
  }

  /** The hazard that a command names, if the actor may do this there. */
  private async asked(
    actor: Actor,
    action: Action,
    name: string,
    input: HazardInput,
  ): Promise<{ readonly meta: CommandMeta; readonly hazard: HazardRow }> {
    const hazard = await this.hazardAt(input.hazardId);
    authorise(actor, action, hazard.grid);
    return { meta: commandMeta(actor, name, input), hazard };
  }

  private async authoriseReport(actor: Actor, inspection: string): Promise<void> {
    const row = await this.views.get(inspectionsView, inspection);
    const place = row && (await this.views.get(placesView, row.place));
    if (place === undefined) {
      throw refusalError(refuse('InspectionNotFound', { inspection }), inspectionRefusals);
    }
    authorise(actor, 'inspection.record', place.grid);
  }

  private async answer({ events, position }: Done, asked?: HazardRow): Promise<HazardPayload> {
    const id = events[0]?.stream.slice('hazard-'.length) ?? asked?.id;
    if (id === undefined) throw new Error('a hazard command is always about a hazard');
    const hazard = await this.hazardAt(id);
    return { hazard, position: positionText('inspections', position) };
  }

  private async hazardAt(id: string): Promise<HazardRow> {
    const row = await this.views.get(hazardsView, id);
    if (row === undefined) {
      throw refusalError(refuse('HazardNotFound', { hazard: id }), hazardRefusals);
    }
    return row;
  }
}
