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
import { CorrectTermsTimer } from './correct-terms.timer.js';
import { DisputeCommandsResolver } from './dispute-commands.resolver.js';
import {
  AgreementResolver,
  DisputeFileResolver,
  PartyResolver,
  SessionResolver,
} from './dispute-file.resolver.js';
import { AreaDisputesResolver, DisputeResolver } from './dispute.resolver.js';
import { AreaStub, MediationTypes, MediatorStub } from './dispute.schema.js';
import { DisputeService, MediationTerm } from './dispute.service.js';
import { EnlistMediatorReaction } from './enlist-mediator.reaction.js';
import { MarkTermsPassedTimer } from './mark-terms-passed.timer.js';
import { mediationEvents } from './mediation.events.js';
import { mediationGuards } from './mediation.guards.js';
import { mediationViews } from './mediation.views.js';
import { MediationGridWork } from './grid-work.service.js';
import { MoveMediatorReaction } from './move-mediator.reaction.js';
import { MediatorService } from './mediator.service.js';
import { ReturnDisputesReaction } from './return-disputes.reaction.js';

@Module({})
export class MediationModule {}

/** 人民调解: disputes, from report to agreement. */
export function mediation(host: ServiceHost, term: MediationTerm): ServiceRoom {
  return serviceRoom(host, {
    name: 'mediation',
    module: MediationModule,
    events: mediationEvents,
    views: mediationViews,
    guards: mediationGuards,
    grantsOf: (views, account) => grantsOf(views, heardAppointmentsView, account),
    types: { include: [MediationTypes], orphanedTypes: [AreaStub, MediatorStub] },
    reactions: [
      GridWorkReaction,
      AppointmentReaction,
      EnlistMediatorReaction,
      MoveMediatorReaction,
      ReturnDisputesReaction,
    ],
    providers: [
      { provide: MediationTerm, useValue: term },
      { provide: PublishedCalendar, useValue: { service: 'mediation', calendar: chinaCalendar } },
      AdoptedCalendars,
      DisputeService,
      MarkTermsPassedTimer,
      CorrectTermsTimer,
      KnownGridService,
      KnownAppointmentService,
      { provide: GridWork, useClass: MediationGridWork },
      MediatorService,
      DisputeResolver,
      DisputeFileResolver,
      PartyResolver,
      SessionResolver,
      AgreementResolver,
      AreaDisputesResolver,
      DisputeCommandsResolver,
    ],
  });
}
