export { type CopiedLog, hasLog, logToFolder } from './log-to-folder.js';
export { logToDatabase } from './log-to-database.js';
export { type Move, type MovedLog, moveToDatabase, moveToFolder } from './move-store.js';
export { CopyRefused } from './refused.js';
