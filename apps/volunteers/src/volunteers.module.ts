import { Module } from '@nestjs/common';
import {
  AppointmentReaction,
  GridWork,
  GridWorkReaction,
  KnownAppointmentService,
  KnownGridService,
  type ServiceHost,
  type ServiceRoom,
  serviceRoom,
} from '#libs/service';
import { grantsHere } from './enrolments.service.js';
import { FollowObservationReaction } from './follow-observation.reaction.js';
import { VolunteersGridWork } from './grid-work.service.js';
import { ObservationResolver } from './observation.resolver.js';
import { ObservationService } from './observation.service.js';
import { ShiftCommandsResolver } from './shift-commands.resolver.js';
import { AreaPatrolsResolver, PatrolResolver } from './shift.resolver.js';
import { AreaStub, VolunteersTypes } from './shift.schema.js';
import { ShiftService } from './shift.service.js';
import { TeamResolver } from './team.resolver.js';
import { TeamService } from './team.service.js';
import { VolunteerResolver } from './volunteer.resolver.js';
import { VolunteerService } from './volunteer.service.js';
import { volunteersEvents } from './volunteers.events.js';
import { volunteersGuards } from './volunteers.guards.js';
import { volunteersViews } from './volunteers.views.js';

@Module({})
export class VolunteersModule {}

/** 志愿服务: teams, volunteers, their shifts and hours, and what they note on patrol. */
export function volunteers(host: ServiceHost): ServiceRoom {
  return serviceRoom(host, {
    name: 'volunteers',
    module: VolunteersModule,
    events: volunteersEvents,
    views: volunteersViews,
    guards: volunteersGuards,
    grantsOf: grantsHere,
    types: { include: [VolunteersTypes], orphanedTypes: [AreaStub] },
    reactions: [GridWorkReaction, AppointmentReaction, FollowObservationReaction],
    providers: [
      { provide: GridWork, useClass: VolunteersGridWork },
      KnownGridService,
      KnownAppointmentService,
      TeamService,
      VolunteerService,
      ShiftService,
      ObservationService,
      TeamResolver,
      VolunteerResolver,
      PatrolResolver,
      AreaPatrolsResolver,
      ObservationResolver,
      ShiftCommandsResolver,
    ],
  });
}
