import { data } from 'react-router'
import { installation } from '../../web/context.ts'
import { parseTilePath, publicEntries, publicTile } from '../archive.ts'
import type { Route } from './+types/tile'

/** A tile of the log, or the entries under one (C2SP tlog-tiles). What it once said it says for ever. */
export async function loader({ context, params }: Route.LoaderArgs) {
  const { db } = installation(context)
  const wanted = parseTilePath(params['*'] ?? '')
  const content =
    wanted &&
    (wanted.level === 'entries'
      ? await publicEntries(db, wanted.index, wanted.width)
      : await publicTile(db, wanted.level, wanted.index, wanted.width))
  if (!content) throw data(null, { status: 404 })
  return new Response(new Uint8Array(content), {
    headers: {
      'Content-Type': 'application/octet-stream',
      'Cache-Control': 'public, max-age=31536000, immutable',
    },
  })
}
