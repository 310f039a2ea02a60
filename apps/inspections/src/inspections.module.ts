import { Module } from '@nestjs/common';
import {
  GridWork,
  GridWorkReaction,
  KnownGridService,
  type ServiceHost,
  type ServiceRoom,
  serviceRoom,
} from '#libs/service';
import { InspectionsGridWork } from './grid-work.service.js';
import { HazardCommandsResolver } from './hazard-commands.resolver.js';
import { AreaHazardsResolver, HazardResolver } from './hazard.resolver.js';
import { HazardService } from './hazard.service.js';
import { hazardsView } from './hazards.view.js';
import { InspectionResolver } from './inspection.resolver.js';
import { InspectionService } from './inspection.service.js';
import { inspectionsEvents } from './inspections.events.js';
import { inspectionsView } from './inspections.view.js';
import { MarkOverdueTimer } from './mark-overdue.timer.js';
import { OpenHazardReaction } from './open-hazard.reaction.js';
import { AreaPlacesResolver, PlaceResolver } from './place.resolver.js';
import { AreaStub, InspectionsTypes } from './place.schema.js';
import { PlaceService } from './place.service.js';
import { placesView } from './places.view.js';

@Module({})
export class InspectionsModule {}

/** 安全检查: places, inspections, and hazards until they are closed. */
export function inspections(host: ServiceHost): ServiceRoom {
  return serviceRoom(host, {
    name: 'inspections',
    module: InspectionsModule,
    events: inspectionsEvents,
    views: [placesView, inspectionsView, hazardsView],
    types: { include: [InspectionsTypes], orphanedTypes: [AreaStub] },
    reactions: [GridWorkReaction, OpenHazardReaction],
    providers: [
      { provide: GridWork, useClass: InspectionsGridWork },
      PlaceService,
      InspectionService,
      HazardService,
      KnownGridService,
      MarkOverdueTimer,
      PlaceResolver,
      AreaPlacesResolver,
      InspectionResolver,
      HazardResolver,
      AreaHazardsResolver,
      HazardCommandsResolver,
    ],
  });
}
