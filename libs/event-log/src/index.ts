export type { Commit, CommitOutcome, EventFeed, EventLog, KnownCommand } from './event-log.js';
export { CommandConflict, DataDirInUse, LogDamaged, UnknownEvent } from './faults.js';
export { openMemoryLog } from './memory-log.js';
export { openSqliteLog } from './sqlite-log.js';
export { type CommandMeta, Commands, type Done, type Loaded, type Streams } from './commands.js';
export { positionText } from './position.js';
