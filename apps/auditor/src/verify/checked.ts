/** What was checked, and how much of it. */
export interface Checked {
  readonly entries: number;
  /** Of the entries. */
  readonly bytes: number;
  readonly tiles: number;
  readonly checkpoints: number;
  readonly streams: number;
  readonly commands: number;
  /** Rows of the index; null where there is none. */
  readonly indexRows: number | null;
  /** Entries that the index tells of. */
  readonly indexed: number;
}
