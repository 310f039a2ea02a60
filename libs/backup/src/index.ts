export { type Manifest, type ServiceManifest } from './manifest.js';
export { putBack, type PutBackOptions } from './put-back.js';
export { recover, type RecoverOptions } from './recover.js';
export { BackupRefused } from './refused.js';
export { type BackupOptions, takeBackup } from './take-backup.js';
