import { data } from 'react-router'
import { parseId } from '../../storage/ids.ts'
import { installation } from '../../web/context.ts'
import { publicationOf } from '../reading-room.ts'
import { productionById, requestById } from '../store.ts'
import type { Route } from './+types/reading-room-download'
import { asDownload } from './as-download.ts'

/** A production of the reading room, for anybody. */
export async function loader({ params, context }: Route.LoaderArgs) {
  const here = installation(context)
  const id = parseId<'production'>(params.production)
  const published = id && (await publicationOf(here.db, id))
  const production = published && (await productionById(here.db, id))
  const request = production && (await requestById(here.db, production.request))
  if (!production || !request)
    throw data('This does not stand in the reading room. It may have been taken out.', { status: 404 })
  return asDownload(here, production, request.number)
}
