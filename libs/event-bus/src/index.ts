export { beginAtHead } from './begin-at-head.js';
export { type Checkpoints, openMemoryCheckpoints, openSqliteCheckpoints } from './checkpoints.js';
export { Consumer, type ConsumerOptions, type ConsumerStatus } from './consumer.js';
export { faultText, isFromNewerVersion, isTransient, NotHeardYet } from './delivery-faults.js';
export { EventBus } from './event-bus.js';
export { EventBusTransport } from './event-bus.transport.js';
export { nameHandlers } from './handler-names.js';
export { type Handler, reactionOf } from './handlers.js';
export type { ParkedDelivery, ParkedLane, ParkedStore } from './parked-store.js';
export {
  type MongoCheckpoints,
  type MongoCheckpointsOptions,
  openMongoCheckpoints,
} from './mongo-checkpoints.js';
export { NotParked, type ParkedItem, type ParkedWork, type Retried } from './parked-work.js';
export type { Broker, TopicShape } from './broker.js';
export { type CloudEvent, cloudEventOf, jsonOf, type Publisher } from './cloud-event.js';
export type { ConsumedFeed } from './consumed-feed.js';
export { FEED_HEADERS, FEED_PATH } from './feed-client.js';
export { openKafka } from './kafka.js';
export type { KafkaOptions } from './kafka-options.js';
export { CODE_HEADER, MessageCode } from './message-code.js';
export { derivedId, reactionId } from './reaction-id.js';
export { Relay, type RelayOptions } from './relay.js';
export {
  openSqliteRelayLease,
  type RelayHold,
  type RelayLease,
  type RelayState,
} from './relay-state.js';
export { RemoteBus, type RemoteBusOptions } from './remote-bus.js';
export { type Delivery, deliveryKey, deliveryOf, skippedDeliveries } from './skips.js';
export { RepeatedFaults } from './repeated-faults.js';
