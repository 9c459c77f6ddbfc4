import { data } from 'react-router'
import { installation } from '../../web/context.ts'
import { departmentProfile } from '../department.ts'
import type { Route } from './+types/seal'

export const handle = { forEverybody: true }

export async function loader({ context }: Route.LoaderArgs) {
  const { db, blobs } = installation(context)
  const seal = (await departmentProfile(db))?.sealBlob
  if (!seal) throw data(null, { status: 404 })
  return new Response(new Uint8Array(await blobs.bytes(seal)), {
    headers: { 'Content-Type': 'image/png', 'Cache-Control': 'public, max-age=300' },
  })
}
