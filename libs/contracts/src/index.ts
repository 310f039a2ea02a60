export * from './area-code.js';
export type { EventSchemas, EventsOf } from './event-schema.js';
export { areaCodeField, idField, nameField, textField, timeField } from './fields.js';
export * from './grid-closing.events.js';
export * from './grid-registry.events.js';
export * from './grid-work.events.js';
export * from './inspections.events.js';
export * from './volunteers.events.js';
