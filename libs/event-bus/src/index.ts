export { type Checkpoints, openMemoryCheckpoints, openSqliteCheckpoints } from './checkpoints.js';
export { Consumer, type ConsumerOptions } from './consumer.js';
export { EventBus } from './event-bus.js';
export { EventBusTransport } from './event-bus.transport.js';
export { derivedId, reactionId } from './reaction-id.js';
