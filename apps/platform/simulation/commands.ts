import { GridService } from '../../grid-registry/src/grid.service.js';
import { PostService } from '../../grid-registry/src/post.service.js';
import { HazardService } from '../../inspections/src/hazard.service.js';
import { InspectionService } from '../../inspections/src/inspection.service.js';
import { PlaceService } from '../../inspections/src/place.service.js';
import { DisputeService } from '../../mediation/src/dispute.service.js';
import { ObservationService } from '../../volunteers/src/observation.service.js';
import { ShiftService } from '../../volunteers/src/shift.service.js';
import { TeamService } from '../../volunteers/src/team.service.js';
import { VolunteerService } from '../../volunteers/src/volunteer.service.js';
import type { Refusal } from '#libs/event';
import type { CommandMeta, Done } from '#libs/event-log';
import type { OpenRoom } from '#libs/service';

type Input<Service extends object, Method extends keyof Service> = Service[Method] extends (
  meta: CommandMeta,
  input: infer Asked,
) => unknown
  ? Asked
  : never;
type Outcome = Promise<Done | Refusal>;

/** What somebody in the office can ask for, as the service that does it takes it. */
export interface Inputs {
  openGrid: Input<GridService, 'open'>;
  renameGrid: Input<GridService, 'rename'>;
  retireGrid: Input<GridService, 'retire'>;
  createPost: Input<PostService, 'create'>;
  appoint: Input<PostService, 'appoint'>;
  release: Input<PostService, 'release'>;
  reportDispute: Input<DisputeService, 'report'>;
  consent: Input<DisputeService, 'consent'>;
  refuseMediation: Input<DisputeService, 'refuse'>;
  assign: Input<DisputeService, 'assign'>;
  recordSession: Input<DisputeService, 'recordSession'>;
  settle: Input<DisputeService, 'settle'>;
  endMediation: Input<DisputeService, 'end'>;
  foundTeam: Input<TeamService, 'found'>;
  enrol: Input<VolunteerService, 'enrol'>;
  publishShift: Input<ShiftService, 'publish'>;
  claimShift: Input<ShiftService, 'claim'>;
  cancelShift: Input<ShiftService, 'cancel'>;
  checkIn: Input<ShiftService, 'checkIn'>;
  checkOut: Input<ShiftService, 'checkOut'>;
  confirmHours: Input<ShiftService, 'confirm'>;
  noteObservation: Input<ObservationService, 'note'>;
  registerPlace: Input<PlaceService, 'register'>;
  closePlace: Input<PlaceService, 'close'>;
  inspect: Input<InspectionService, 'record'>;
  reportHazard: Input<HazardService, 'report'>;
  gradeHazard: Input<HazardService, 'grade'>;
  rectifyHazard: Input<HazardService, 'rectify'>;
  recheckHazard: Input<HazardService, 'recheck'>;
}

export type CommandName = keyof Inputs;

/** A command that somebody has sent, under the id under which it may be sent again. */
export type Asked = {
  readonly [Name in CommandName]: {
    readonly name: Name;
    readonly input: Inputs[Name];
    readonly commandId: string;
    readonly actor: string;
  };
}[CommandName];

type Get = OpenRoom['get'];

/** Which service does it. */
export const SERVICE_OF: Readonly<Record<CommandName, string>> = {
  openGrid: 'grid-registry',
  renameGrid: 'grid-registry',
  retireGrid: 'grid-registry',
  createPost: 'grid-registry',
  appoint: 'grid-registry',
  release: 'grid-registry',
  reportDispute: 'mediation',
  consent: 'mediation',
  refuseMediation: 'mediation',
  assign: 'mediation',
  recordSession: 'mediation',
  settle: 'mediation',
  endMediation: 'mediation',
  foundTeam: 'volunteers',
  enrol: 'volunteers',
  publishShift: 'volunteers',
  claimShift: 'volunteers',
  cancelShift: 'volunteers',
  checkIn: 'volunteers',
  checkOut: 'volunteers',
  confirmHours: 'volunteers',
  noteObservation: 'volunteers',
  registerPlace: 'inspections',
  closePlace: 'inspections',
  inspect: 'inspections',
  reportHazard: 'inspections',
  gradeHazard: 'inspections',
  rectifyHazard: 'inspections',
  recheckHazard: 'inspections',
};

const DOES: {
  readonly [Name in CommandName]: (get: Get, meta: CommandMeta, input: Inputs[Name]) => Outcome;
} = {
  openGrid: (get, meta, input) => get(GridService).open(meta, input),
  renameGrid: (get, meta, input) => get(GridService).rename(meta, input),
  retireGrid: (get, meta, input) => get(GridService).retire(meta, input),
  createPost: (get, meta, input) => get(PostService).create(meta, input),
  appoint: (get, meta, input) => get(PostService).appoint(meta, input),
  release: (get, meta, input) => get(PostService).release(meta, input),
  reportDispute: (get, meta, input) => get(DisputeService).report(meta, input),
  consent: (get, meta, input) => get(DisputeService).consent(meta, input),
  refuseMediation: (get, meta, input) => get(DisputeService).refuse(meta, input),
  assign: (get, meta, input) => get(DisputeService).assign(meta, input),
  recordSession: (get, meta, input) => get(DisputeService).recordSession(meta, input),
  settle: (get, meta, input) => get(DisputeService).settle(meta, input),
  endMediation: (get, meta, input) => get(DisputeService).end(meta, input),
  foundTeam: (get, meta, input) => get(TeamService).found(meta, input),
  enrol: (get, meta, input) => get(VolunteerService).enrol(meta, input),
  publishShift: (get, meta, input) => get(ShiftService).publish(meta, input),
  claimShift: (get, meta, input) => get(ShiftService).claim(meta, input),
  cancelShift: (get, meta, input) => get(ShiftService).cancel(meta, input),
  checkIn: (get, meta, input) => get(ShiftService).checkIn(meta, input),
  checkOut: (get, meta, input) => get(ShiftService).checkOut(meta, input),
  confirmHours: (get, meta, input) => get(ShiftService).confirm(meta, input),
  noteObservation: (get, meta, input) => get(ObservationService).note(meta, input),
  registerPlace: (get, meta, input) => get(PlaceService).register(meta, input),
  closePlace: (get, meta, input) => get(PlaceService).close(meta, input),
  inspect: (get, meta, input) => get(InspectionService).record(meta, input),
  reportHazard: (get, meta, input) => get(HazardService).report(meta, input),
  gradeHazard: (get, meta, input) => get(HazardService).grade(meta, input),
  rectifyHazard: (get, meta, input) => get(HazardService).rectify(meta, input),
  recheckHazard: (get, meta, input) => get(HazardService).recheck(meta, input),
};

export function carryOut({ get }: OpenRoom, { name, input, commandId, actor }: Asked): Outcome {
  const meta = { commandId, actor, request: [name, input] };
  // `Asked` keeps name and input together, which the compiler cannot follow through the table.
  const does = DOES[name] as (get: Get, meta: CommandMeta, input: unknown) => Outcome;
  return does(get, meta, input);
}
