export { Acting, Actors } from './actors.js';
export { AppointmentNews, MASK_AFTER_MS } from './appointment-news.js';
export { AppointmentReaction } from './appointment.reaction.js';
export { allowed, areaCodeOf, authorise } from './authorise.js';
export { closeHttp } from './close-http.js';
export { Clock, Scheduler, SteppedClock, SystemClock } from '#libs/scheduler';
export { commandMeta, CommandInput, doneOf, IsText, IsTime } from './command-input.js';
export {
  authoriseListed,
  connectionType,
  type Page,
  PageArgs,
  PageInfo,
  pageOf,
} from './connection.js';
export { GraphqlErrorFilter, languagePlugin, withTexts } from './graphql-errors.js';
export {
  guardSchema,
  resolverBehind,
  RightNotAsked,
  RuleMissing,
  signatureOf,
} from './guarded-schema.js';
export {
  actionsOf,
  connectionParts,
  deadlineFields,
  each,
  type Asker,
  type FieldRule,
  type Guards,
  pageInfoParts,
  parts,
  todays,
  type TypeGuard,
  typeGuard,
} from './guards.js';
export { KnownAppointmentService } from './known-appointment.service.js';
export { maskedIn, maskingPlugin } from './masking-plugin.js';
export { OpenWith, Opening, Openings } from './opening.js';
export { makeDataDir } from './data-dir.js';
export { isId, newId, takeIdsFrom } from './ids.js';
export { afterNews, Neighbours } from './neighbours.js';
export {
  type Language,
  type Asking,
  contextFor,
  languageOf,
  PURPOSE_HEADER,
  requestContext,
  type RequestContext,
  signInFault,
} from './request-context.js';
export { queryLimits, TOKENS_MAX } from './query-limits.js';
export {
  codeOf,
  refusalError,
  refusedWith,
  type RefusalText,
  type RefusalTexts,
} from './refusal-error.js';
export { type RequestRefusal, requestRefusals } from './request.refusals.js';
export { ReadingArgs, RecordArgs } from './reading-args.js';
export { headersOf } from './reading-asked.js';
export { Reading } from './reading.js';
export { readingPlugin } from './reading-plugin.js';
export { OwnLog, ReadFrom, Readings } from './readings.js';
export { AsOf, Day, Position, Time } from './scalars.js';
export {
  type ServiceHost,
  type ServiceParts,
  type ServiceRoom,
  serviceRoom,
} from './service-room.js';
export { callerPath, readSettings, type Settings, settingsCatalogue } from './settings.js';
export { type ProcessName, SettingInvalid } from './setting.js';
export type { SignInSettings } from './sign-in-settings.js';
export { reactionMeta } from './reaction-meta.js';
export {
  closeRooms,
  listenAlone,
  type ListeningRoom,
  openRoom,
  type OpenRoom,
} from './open-room.js';
export { reportAndExit, type Running, runProcess } from './run-process.js';
export { Timer, timerMeta } from './timer.js';
export { AdoptedCalendars, type CalendarInHand, PublishedCalendar } from './adopted-calendars.js';
export { DeadlineNode, deadlineNode, Speaking } from './deadline-node.js';
export { GridWork } from './grid-work.js';
export { GridWorkReaction } from './grid-work.reaction.js';
export { KnownGridService } from './known-grid.service.js';
export { openStores, type Stores, type StoresOptions } from './stores.js';
export { runAlone } from './run-alone.js';
export { sendRefusal } from './http-refusal.js';
export { identitiesOf } from './identities-of.js';
export {
  bodyOf,
  json,
  malformed,
  type Middleware,
  type PlainAnswer,
  plainRoutes,
} from './plain-routes.js';
export { logKeyLine, logRoutes } from './log-routes.js';
export { opsRoutes } from './ops-routes.js';
export { statusRoutes } from './status-routes.js';
export type { ParkedThere, RetriedThere } from './operator-desk.js';
