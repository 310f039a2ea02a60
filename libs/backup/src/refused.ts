/** What was asked for is not done; the message is one line that says what to do instead. */
export class BackupRefused extends Error {
  readonly code = 'BACKUP_REFUSED';
}
