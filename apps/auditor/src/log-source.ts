import type { ProvableLog, RecoveryEpoch, SignedCheckpoint } from '#libs/event-log';

/**
 * 审计来源: one service's log as an auditor has it before them: a data directory in use, a copy of
 * it, an exported folder or an address. Nothing that it says is believed before it is recomputed.
 */
export interface LogSource extends ProvableLog {
  /** The service whose log it is: `mediation`. Its `origin` is the same. */
  readonly service: string;
  /** Where it was found, for people: a path or an address. */
  readonly place: string;
  /** Its service's folder, where there is one with views: a data directory or a copy. */
  readonly dir?: string;
  /** The names and keys that it has signed under, oldest first; an export may know the last only. */
  epochs(): Promise<readonly RecoveryEpoch[]>;
  /** The signed notes that it keeps, oldest first; an export or an address has the newest only. */
  checkpoints(): Promise<readonly SignedCheckpoint[]>;
  close(): Promise<void>;
}
