import { Module } from '@nestjs/common';
import { grantsOf, heardAppointmentsView } from '#libs/appointments';
import { chinaCalendar } from '#libs/calendar';
import {
  AdoptedCalendars,
  AppointmentReaction,
  GridWork,
  GridWorkReaction,
  KnownAppointmentService,
  KnownGridService,
  PublishedCalendar,
  type ServiceHost,
  type ServiceRoom,
  serviceRoom,
} from '#libs/service';
import { CorrectRechecksTimer } from './correct-rechecks.timer.js';
import { InspectionsGridWork } from './grid-work.service.js';
import { HazardCommandsResolver } from './hazard-commands.resolver.js';
import { AreaHazardsResolver, HazardResolver } from './hazard.resolver.js';
import { HazardService, RecheckSettings } from './hazard.service.js';
import { InspectionResolver } from './inspection.resolver.js';
import { InspectionService } from './inspection.service.js';
import { inspectionsEvents } from './inspections.events.js';
import { inspectionsGuards } from './inspections.guards.js';
import { inspectionsViews } from './inspections.views.js';
import { MarkOverdueTimer } from './mark-overdue.timer.js';
import { MarkRechecksLateTimer } from './mark-rechecks-late.timer.js';
import { OpenHazardReaction } from './open-hazard.reaction.js';
import { AreaPlacesResolver, PlaceResolver } from './place.resolver.js';
import { AreaStub, InspectionsTypes } from './place.schema.js';
import { PlaceService } from './place.service.js';

@Module({})
export class InspectionsModule {}

/** 安全检查: places, inspections, and hazards until they are closed. */
export function inspections(host: ServiceHost, settings: RecheckSettings): ServiceRoom {
  return serviceRoom(host, {
    name: 'inspections',
    module: InspectionsModule,
    events: inspectionsEvents,
    views: inspectionsViews,
    guards: inspectionsGuards,
    grantsOf: (views, account) => grantsOf(views, heardAppointmentsView, account),
    types: { include: [InspectionsTypes], orphanedTypes: [AreaStub] },
    reactions: [GridWorkReaction, AppointmentReaction, OpenHazardReaction],
    providers: [
      { provide: GridWork, useClass: InspectionsGridWork },
      { provide: RecheckSettings, useValue: settings },
      { provide: PublishedCalendar, useValue: { service: 'inspections', calendar: chinaCalendar } },
      AdoptedCalendars,
      PlaceService,
      InspectionService,
      HazardService,
      KnownGridService,
      KnownAppointmentService,
      MarkOverdueTimer,
      MarkRechecksLateTimer,
      CorrectRechecksTimer,
      PlaceResolver,
      AreaPlacesResolver,
      InspectionResolver,
      HazardResolver,
      AreaHazardsResolver,
      HazardCommandsResolver,
    ],
  });
}
