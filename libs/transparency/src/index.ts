export {
  HASH_BYTES,
  type Hash,
  hashFromBase64,
  hashFromBytes,
  hashToBase64,
  hashToBytes,
  isHash,
} from './hash.js';
export { emptyRoot, leafHash, nodeHash, subtreeRoot } from './rfc6962.js';
export { TileHasher } from './tile-hasher.js';
export { type CompletedTile, TreeEdge } from './tree-edge.js';
export { TILE_WIDTH, type TileAddress, TileInvalid, type TileReader, tilesOf } from './tiles.js';
export { type BundleAddress, entriesPath, parseTilePath, tilePath } from './tile-path.js';
export {
  EntryBundleInvalid,
  MAX_ENTRY_BYTES,
  decodeEntries,
  encodeEntries,
} from './entry-bundle.js';
export { consistencyProof, inclusionProof, rootAt } from './proofs.js';
export {
  type ConsistencyClaim,
  type InclusionClaim,
  verifyConsistency,
  verifyInclusion,
} from './verify.js';
export {
  NoteKeyInvalid,
  type NoteSigner,
  type NoteVerifier,
  noteSigner,
  parseVerifierKey,
  verifierKey,
} from './note-key.js';
export { NoteInvalid } from './note-text.js';
export { type NoteSignature, type OpenedNote, openNote, signNote } from './note.js';
export {
  type Checkpoint,
  CheckpointInvalid,
  type OpenedCheckpoint,
  formatCheckpoint,
  openCheckpoint,
  parseCheckpoint,
  signCheckpoint,
} from './checkpoint.js';
export {
  type ProofCheck,
  ProofInvalid,
  type ProvenEntry,
  type TlogProof,
  checkProof,
  formatProof,
  parseProof,
} from './tlog-proof.js';
