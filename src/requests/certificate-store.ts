import { sql } from 'kysely'
import type { Db, Tx } from '../storage/database.ts'
import type { Id, PersonId } from '../storage/ids.ts'
import type { ProductionId } from './store.ts'

export type CertificateId = Id<'certificate'>

declare module '../storage/database.ts' {
  interface Tables {
    production_checkpoint: { production_id: ProductionId; tree_size: number }
    production_certificate: {
      id: CertificateId
      production_id: ProductionId
      custodian: string
      title: string
      sha256: string
      by: PersonId
      at: Date
    }
  }
}

/** Notes which state of the log a production's proofs lead to. */
export const insertProductionCheckpoint = (tx: Tx, production: ProductionId, treeSize: number) =>
  tx.insertInto('production_checkpoint').values({ production_id: production, tree_size: treeSize }).execute()

/** The signed state of the log that a production is proven against, and the first timestamp of it or of a later one. */
export async function productionProof(db: Db, production: ProductionId) {
  const { rows } = await sql<{
    tree_size: number
    root: Buffer
    note: string
    signed_at: Date
    said_at: Date | null
    signer: string | null
    stamped: number | null
  }>`
    select c.tree_size, c.root, c.note, c.signed_at, t.said_at, t.signer, t.tree_size as stamped
    from production_checkpoint p
      join checkpoint c on c.tree_size = p.tree_size
      left join lateral (select said_at, signer, tree_size from checkpoint_timestamp
        where tree_size > (select max(e.position) from production_record r join log_entry e on e.record_id = r.record_id
          where r.production_id = p.production_id)
        order by said_at limit 1) t on true
    where p.production_id = ${production}`.execute(db)
  const row = rows[0]
  if (!row) return null
  return {
    checkpoint: { treeSize: row.tree_size, root: row.root, note: row.note, signedAt: row.signed_at },
    timestamp:
      row.said_at && row.signer && row.stamped !== null
        ? { at: row.said_at, signer: row.signer, treeSize: row.stamped }
        : null,
  }
}

/** How many records went out redacted, and how many are only listed. */
export async function renditionCounts(db: Db, production: ProductionId) {
  const { rows } = await sql<{ redacted: number; withheld: number }>`
    select count(*) filter (where form = 'redacted') as redacted, count(*) filter (where form = 'withheld') as withheld
    from production_rendition where production_id = ${production}`.execute(db)
  return rows[0] ?? { redacted: 0, withheld: 0 }
}

export const insertCertificate = (
  tx: Tx,
  row: {
    id: CertificateId
    production: ProductionId
    custodian: string
    title: string
    sha256: string
    by: PersonId
    at: Date
  },
) =>
  tx
    .insertInto('production_certificate')
    .values({
      id: row.id,
      production_id: row.production,
      custodian: row.custodian,
      title: row.title,
      sha256: row.sha256,
      by: row.by,
      at: row.at,
    })
    .execute()

/** The certificates that were prepared for a production, newest first. */
export const certificatesOf = (db: Db, production: ProductionId) =>
  db
    .selectFrom('production_certificate')
    .select(['id', 'custodian', 'title', 'sha256', 'at'])
    .where('production_id', '=', production)
    .orderBy('at', 'desc')
    .execute()
