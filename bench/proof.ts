import { hash } from 'node:crypto'
import pg from 'pg'
import { append, inclusionProof } from '../src/archive/archive.ts'
import { tilesIn } from '../src/archive/log.ts'
import { includes, leafHash } from '../src/archive/merkle.ts'
import { extend, rangeHash, tileWidth } from '../src/archive/tiles.ts'
import { byteas } from '../src/storage/arrays.ts'
import { openDatabase } from '../src/storage/database.ts'
import type { Ground } from './ground.ts'
import { count, median, ms, percentile, type Row, timed } from './row.ts'
import { entries } from './seed.ts'

/**
 * Inclusion proofs in a log of ten million: real records at places spread over the tree, synthetic leaves between
 * them, and every tile made by the code that makes them in production. Each proof is checked against the root.
 */
export const proof: Row = {
  name: 'proof',
  async measure(ground: Ground) {
    const size = ground.quick ? 200_000 : 10_000_000
    const urls = await ground.freshDatabase()
    const { db } = openDatabase(urls.app)
    const owner = new pg.Client({ connectionString: urls.owner })
    await owner.connect()
    try {
      const records = await db.transaction().execute(async (tx) => {
        const placed = []
        for (const [n, entry] of [...entries(200)].entries())
          placed.push({ id: await append(tx, entry), position: Math.floor(((n + 0.37) * size) / 200) })
        return placed
      })
      const { rows } = await owner.query<{ record_id: string; commitment: Buffer }>(
        'delete from record_to_log returning record_id, commitment',
      )
      const commitments = new Map(rows.map((row) => [row.record_id, row.commitment]))
      const leaves = new Map<number, Buffer>()
      for (const { id, position } of records) {
        const commitment = commitments.get(id) as Buffer
        leaves.set(position, leafHash(commitment))
        await owner.query('insert into log_entry values ($1, $2, $3)', [position, id, commitment])
      }
      await plant(owner, tilesIn(db), size, leaves)

      const root = await rangeHash(tilesIn(db))(0, size)
      const proving: number[] = []
      const reading: number[] = []
      for (const { id, position } of records) {
        let found: Awaited<ReturnType<typeof inclusionProof>> = null
        proving.push(
          await timed(async () => {
            found = await inclusionProof(db, id, size)
          }),
        )
        const { path } = found ?? { path: [] }
        if (!includes(leaves.get(position) as Buffer, position, size, path, root))
          throw new Error(`The proof for position ${position} does not hold.`)
        reading.push(await timed(() => tilesIn(db)(0, Math.floor(position / tileWidth))))
      }
      return [
        {
          what: `inclusion proof in a log of ${count(size)}`,
          measured: `${ms(median(proving))} at the median, ${ms(percentile(proving, 0.95))} at the 95th percentile`,
          target: '≤ 5 ms',
          reference: `reading one tile: ${ms(median(reading))}`,
          met: percentile(proving, 0.95) <= 5,
        },
      ]
    } finally {
      await owner.end()
      await db.destroy()
    }
  },
}

/** Grows a tree of `size` leaves in the database: those given, and synthetic ones everywhere else. */
async function plant(
  owner: pg.Client,
  read: Parameters<typeof extend>[0],
  size: number,
  leaves: ReadonlyMap<number, Buffer>,
) {
  const step = tileWidth * tileWidth
  const number = Buffer.alloc(8)
  for (let grown = 0; grown < size; grown += step) {
    const added = Array.from({ length: Math.min(step, size - grown) }, (_, n) => {
      number.writeDoubleBE(grown + n)
      return leaves.get(grown + n) ?? hash('sha256', number, 'buffer')
    })
    const tiles = await extend(read, grown, added)
    await owner.query(
      `insert into log_tile (level, index, hashes) select * from unnest($1::int[], $2::bigint[], $3::bytea[])
        on conflict (level, index) do update set hashes = excluded.hashes`,
      [
        tiles.map((tile) => tile.level),
        tiles.map((tile) => tile.index),
        byteas(tiles.map((tile) => tile.hashes)),
      ],
    )
  }
}
