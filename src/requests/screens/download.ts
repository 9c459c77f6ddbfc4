import { data } from 'react-router'
import { parseId } from '../../storage/ids.ts'
import { installation } from '../../web/context.ts'
import { productionById } from '../store.ts'
import type { Route } from './+types/download'
import { asDownload } from './as-download.ts'
import { foundRequest } from './found.ts'

/** A finished production for the records access officer, to look at before it is released. */
export async function loader({ params, context }: Route.LoaderArgs) {
  const request = await foundRequest(context, params.id)
  const id = parseId<'production'>(params.production)
  const production = id && (await productionById(installation(context).db, id))
  if (!production || production.request !== request.id)
    throw data('There is no such production.', { status: 404 })
  return asDownload(installation(context), production, request.number)
}
