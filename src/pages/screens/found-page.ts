import { data } from 'react-router'
import type { Installation } from '../../installation.ts'
import { parseId } from '../../storage/ids.ts'
import { type Page, pageById } from '../store.ts'

/** The page in the address, or a plain 404. */
export async function foundPage({ db }: Installation, text: string | undefined): Promise<Page> {
  const id = parseId<'page'>(text)
  const page = id && (await pageById(db, id))
  if (!page) throw data('This page is not registered.', { status: 404 })
  return page
}
