import { data } from 'react-router'
import { parseId } from '../../storage/ids.ts'
import { installation } from '../../web/context.ts'
import { requestByCode } from '../receipt.ts'
import { productionById } from '../store.ts'
import type { Route } from './+types/public-download'
import { asDownload } from './as-download.ts'

/** A released production as one tar file, for whoever has the request's code. */
export async function loader({ params, context }: Route.LoaderArgs) {
  const here = installation(context)
  const request = await requestByCode(here, params.code)
  const id = parseId<'production'>(params.production)
  const production = id && (await productionById(here.db, id))
  if (!request || !production || production.request !== request.id || !production.releasedAt)
    throw data(
      'These records aren’t ready, or the address is not complete. Open your request with its code.',
      {
        status: 404,
      },
    )
  return asDownload(here, production, request.number)
}
