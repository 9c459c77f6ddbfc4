import { append, type BagItem, type RecordBlob, type Statement, statementKind } from '../archive/archive.ts'
import type { Installation } from '../installation.ts'
import type { Db } from '../storage/database.ts'
import type { RecordId } from '../storage/ids.ts'
import type { Mark } from './marks.ts'
import { redactFile } from './redact-file.ts'
import { merged } from './redact-text.ts'
import { type FileRenditions, jsonOf, redacted, sha256Of, textsOf } from './rendition.ts'
import * as reviews from './review-store.ts'
import * as store from './store.ts'

const batch = 200
/** A page of what goes out is only ids where it goes out whole. */
const releasedBatch = 500

/**
 * Everything that a production releases, in order: what a format is written from. A record that is not whole was
 * rendered before; call `renderProduction` first.
 */
export async function* renditionsOf(db: Db, production: store.ProductionId): AsyncGenerator<BagItem[]> {
  for (let after: RecordId | null = null; ; ) {
    const rows = await reviews.releasedPage(db, production, { after, limit: releasedBatch })
    if (rows.length === 0) return
    yield rows.map(({ record, decision, form, json, statement }): BagItem => {
      if (form === 'redacted' && json !== null && statement) return { form, record, json, statement }
      if (form === 'withheld' && statement) return { form, record, statement }
      // Never let an original out because its rendition is missing.
      if (decision !== 'release') throw new Error(`The record ${record} has no rendition yet.`)
      return { form: 'whole', record }
    })
    after = rows.at(-1)?.record ?? null
  }
}

/**
 * Makes the rendition of each record that does not go out as it is, with the statement about it in the same
 * transaction. A run after a crash, or beside another one, makes only those that are missing. Every original has to be
 * in the log.
 */
export async function renderProduction(
  installation: Installation,
  production: store.Production,
  number: string,
  onProgress: () => Promise<void>,
): Promise<void> {
  const sealed = await sealedFiles(installation, production.id)
  for (let after: RecordId | null = null; ; ) {
    const page = await reviews.toRender(installation.db, production.id, {
      after,
      limit: batch,
      sealed: [...sealed.keys()],
    })
    if (page.length === 0) return
    for (const one of page) await renderOne(installation, production.id, number, one, sealed)
    await onProgress()
    after = page.at(-1)?.record.id ?? null
  }
}

/** A file that may go out nowhere in this production as it is: its replacement, or null, and by which exemption. */
type Sealed = Map<string, { instead: RecordBlob | null; exemptions: string[]; why: string }>

/**
 * A platform's answer or an image often belongs to several records. What one of them withholds must not go out with
 * another, so each of these files is replaced or left out wherever it occurs.
 */
async function sealedFiles(installation: Installation, production: store.ProductionId): Promise<Sealed> {
  const sealed: Sealed = new Map()
  for (let after: RecordId | null = null; ; ) {
    const page = await reviews.toRender(installation.db, production, { after, limit: batch })
    if (page.length === 0) return sealed
    for (const one of page)
      for (const [n, blob] of one.record.blobs.entries()) {
        const instead = await ownRendition(installation, one, n, blob)
        if (instead === undefined) continue
        const before = sealed.get(blob.sha256)
        // Withheld somewhere is withheld everywhere, unless a record has marked areas of its own.
        if (before?.instead === null) continue
        sealed.set(blob.sha256, { instead, exemptions: one.exemptions, why: one.why })
      }
    // Another record about the same comment or post may repeat the words in what went over the wire for it.
    const reviewed = new Map(page.map((one) => [one.record.id, one]))
    for (const { record, sha256 } of await reviews.wiresBeside(installation.db, production, [
      ...reviewed.keys(),
    ])) {
      const { exemptions = [], why = '' } = reviewed.get(record) ?? {}
      if (sealed.get(sha256)?.instead !== null) sealed.set(sha256, { instead: null, exemptions, why })
    }
    after = page.at(-1)?.record.id ?? null
  }
}

/** What a record's own review makes of its file: a replacement, null for withheld, undefined for nothing. */
async function ownRendition(
  installation: Installation,
  { decision, marks }: reviews.ReviewedRecord,
  file: number,
  blob: RecordBlob,
): Promise<RecordBlob | null | undefined> {
  if (decision === 'withhold') return null
  // A web archive repeats everything: the words, the pictures, and what stood beside them.
  if (marks.length > 0 && /^application\/(wacz|warc)\b/.test(blob.mediaType)) return null
  const own = marks.filter((mark) => mark.kind !== 'text' && mark.file === file)
  if (own.some((mark) => mark.kind === 'file')) return null
  if (own.length > 0) return redactFile(installation, blob, own)
  // Whatever is no picture, film or sound may repeat the words that are taken out.
  const repeats = !/^(image|video|audio)\//.test(blob.mediaType) || blob.mediaType.startsWith('image/svg')
  return marks.some((mark) => mark.kind === 'text') && repeats ? null : undefined
}

async function renderOne(
  installation: Installation,
  production: store.ProductionId,
  number: string,
  one: reviews.ReviewedRecord,
  sealed: Sealed,
) {
  const { db, policy } = installation
  const { record } = one
  if (one.position === null || !one.commitment)
    throw new Error(`The record ${record.id} is not in the log yet.`)
  if ((await reviews.renderedAmong(db, production, [record.id])).has(record.id)) return
  const files = new Map<number, RecordBlob | null>()
  const reasons = { exemptions: new Set(one.exemptions), why: one.why }
  for (const [n, blob] of record.blobs.entries()) {
    const own = await ownRendition(installation, one, n, blob)
    const shared = own === undefined ? sealed.get(blob.sha256) : undefined
    if (own !== undefined) files.set(n, own)
    else if (shared) {
      files.set(n, shared.instead)
      for (const letter of shared.exemptions) reasons.exemptions.add(letter)
      reasons.why ||= shared.why
    }
  }
  const withheld = one.decision === 'withhold'
  const rendition = withheld ? null : redacted(record, one.marks, files)
  if (rendition) rendition.redacted.exemptions = [...reasons.exemptions].sort()
  const json = rendition && jsonOf(rendition)
  const statement: Statement = {
    original: {
      record: record.id,
      kind: record.kind,
      at: record.at,
      position: one.position,
      commitment: one.commitment.toString('hex'),
    },
    form: withheld ? 'withheld' : 'redacted',
    rendition: json === null ? null : sha256Of(json),
    exemptions: [...reasons.exemptions].sort(),
    law: policy.exemptionLaw,
    why: reasons.why,
    removed: withheld ? { passages: 0, areas: 0, files: record.blobs.length } : removedFrom(one, files),
  }
  await db.transaction().execute(async (tx) => {
    // Two runs of the job wait for each other here, and the second finds what the first has made.
    await store.lockProduction(tx, production)
    if ((await reviews.renderedAmong(tx, production, [record.id])).has(record.id)) return
    const id = await append(tx, {
      kind: statementKind,
      subject: { kind: 'production', id: production },
      by: { kind: 'system' },
      content: { number, production, ...statement },
      words: number,
      at: installation.now(),
    })
    await reviews.insertRendition(tx, {
      production,
      record: record.id,
      form: statement.form,
      json,
      statement: id,
    })
  })
}

function removedFrom({ record, marks }: reviews.ReviewedRecord, files: FileRenditions): Statement['removed'] {
  const texts = textsOf(record)
  let passages = 0
  for (const [place, text] of texts)
    passages += merged(
      text,
      marks.flatMap((mark) => (mark.kind === 'text' && mark.place === place ? mark : [])),
    ).length
  return {
    passages,
    areas:
      marks.filter((mark: Mark) => mark.kind === 'area' || mark.kind === 'silence').length +
      // A file that another record has marked areas in goes out with them here, too.
      [...files].filter(
        ([file, one]) => one !== null && !marks.some((mark) => mark.kind !== 'text' && mark.file === file),
      ).length,
    files: [...files.values()].filter((one) => one === null).length,
  }
}
