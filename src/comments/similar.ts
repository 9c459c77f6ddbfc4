import { sql } from 'kysely'
import type { Db } from '../storage/database.ts'
import type { CommentId } from '../storage/ids.ts'
import { asRead } from './fingerprint.ts'
import { waits } from './queue-conditions.ts'

/** A comment that waits and reads nearly the same as another. */
export interface Similar {
  id: CommentId
  name: string
  text: string
  /** From 0 to 1. */
  likeness: number
}

const least = 0.6
const mostShown = 10
/** Comparing texts costs time; the newest that wait are compared. */
const mostCompared = 5_000

/** Comments that wait and read nearly the same as this one, but not quite; the likest first. */
export async function similarWaiting(db: Db, of: { id: CommentId; text: string }): Promise<Similar[]> {
  const length = [...of.text].length
  if (length < 12) return []
  const { rows } = await sql<{ id: CommentId; name: string; text: string }>`
    select c.id, c.author_name as name, c.text from comment c
    where ${waits('c')} and c.id <> ${of.id} and length(c.text) between ${Math.floor(length * 0.6)} and ${Math.ceil(length * 1.7)}
      and c.fingerprint is distinct from (select fingerprint from comment where id = ${of.id})
    order by c.posted_at desc limit ${mostCompared}`.execute(db)
  const parts = partsOf(of.text)
  return rows
    .map((row) => ({ ...row, likeness: likenessOf(parts, partsOf(row.text)) }))
    .filter(({ likeness }) => likeness >= least)
    .sort((a, b) => b.likeness - a.likeness)
    .slice(0, mostShown)
}

/** How much two texts have in common, from 0 to 1: the share of three-letter parts that are in both (Jaccard). */
export function likenessOf(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  if (one.size === 0 || other.size === 0) return 0
  let common = 0
  for (const part of one) if (other.has(part)) common++
  return common / (one.size + other.size - common)
}

/** The three-letter parts of a text, as it is read. */
export function partsOf(text: string): Set<string> {
  const read = ` ${asRead(text)} `
  const parts = new Set<string>()
  for (let at = 0; at + 3 <= read.length; at++) parts.add(read.slice(at, at + 3))
  return parts
}
