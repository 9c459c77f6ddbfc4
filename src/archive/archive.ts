/** The archive: what happened, kept so that nobody can change it and anybody can check it. */
export { actorName } from './actor-name.ts'
export { registerAttestationJobs } from './attest.job.ts'
export { troubles as attestationTroubles } from './attestation-store.ts'
export {
  type BagCopy,
  type BagFiles,
  type BagItem,
  packBag,
  recordPlace,
  writeBag,
} from './bag.ts'
export { csvLine } from './csv-line.ts'
export { momentsOf, reversed } from './days.ts'
export { growing, type Streamed } from './growing.ts'
export { foundByReading } from './hits.ts'
export { kinds, kindTitle } from './kinds.ts'
export {
  type Checkpoint,
  type InclusionProof,
  inclusionProof,
  keyAt,
  latestCheckpoint,
  publicEntries,
  publicTile,
  secondsUnlogged,
  sequence,
} from './log.ts'
export { noteConsistency, noteOpening, noteSearch } from './lookup.ts'
export type { RecordQuery } from './narrowing.ts'
export { asRanges } from './positions.ts'
export { readQuery } from './query.ts'
export { tsqueryOf } from './query-words.ts'
export { registerReadingJobs } from './reading.job.ts'
export { readable } from './reading-right.ts'
export { setPicturesAreRead } from './reading-store.ts'
export { append, appendMany, type Entry, type RecordBlob, type RecordText } from './record.ts'
export { type RedactedNote, redactedStatement, type Statement, statementKind } from './redaction.ts'
export { checkSavedSearches, newMatches, saveSearch } from './saved-search.ts'
export {
  type DisposedRecord,
  type KeptRecord,
  type RecordLine,
  readDisposed,
  readRecord,
  recordLines,
  recordsAbout,
  searchRecords,
  versionBefore,
} from './search.ts'
export { shownTypes } from './shown-types.ts'
export { parseTilePath } from './tiles.ts'
export { verify } from './verify.ts'
export { type BagVerdict, verifyBag } from './verify-bag.ts'
export { type LogVerdict, verifyLog } from './verify-log.ts'
export { type WaczPage, type WarcFile, waczType, warcOnDisk, writeWacz } from './wacz.ts'
export { type WarcEntry, writeWarc } from './warc.ts'
export { keepAnswer } from './wire.ts'
