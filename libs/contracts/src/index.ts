export * from './area-code.js';
export type { EventSchemas, EventsOf } from './event-schema.js';
export { type EventData, evolved, upcast, type Upcaster, versionOf } from './evolved.js';
export {
  accountField,
  accountPattern,
  areaCodeField,
  idField,
  nameField,
  textField,
  timeField,
} from './fields.js';
export * from './grid-closing.events.js';
export * from './grid-registry.events.js';
export * from './grid-work.events.js';
export * from './inspections.events.js';
export * from './log.events.js';
export { publishedEventsOf } from './published.js';
export { type Sealed, SEALED_BOX_MAX, sealedField, sealedIn, subjectField } from './sealed.js';
export * from './volunteers.events.js';
