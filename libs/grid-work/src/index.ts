export { knownGridEvents, type KnownGridEvent } from './known-grid.events.js';
export {
  type AdmitGrid,
  admitGrid,
  type AnswerClosing,
  answerClosing,
  type KnownGrid,
  type KnownGridRefusal,
  knownGrids,
  nameGrid,
  notTaking,
  type ReopenGrid,
  reopenGrid,
  type ShutGrid,
  shutGrid,
} from './known-grid.js';
