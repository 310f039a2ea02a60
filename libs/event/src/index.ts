export type { DomainEvent, Recorded } from './event.js';
export { type Decision, type Refusal, isRefusal, refuse } from './decision.js';
export type { Aggregate } from './aggregate.js';
export type { Brand } from './brand.js';
export { type Decided, type Given, given } from './given.js';
