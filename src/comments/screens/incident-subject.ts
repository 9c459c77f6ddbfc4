import { data, type RouterContextProvider } from 'react-router'
import { timeZoneHere } from '../../department/department.ts'
import { parseId } from '../../storage/ids.ts'
import { installation } from '../../web/context.ts'
import { pagesToHold } from '../hold.ts'
import { isOurs } from '../incident.ts'
import { incidentById, pagesOf } from '../incident-store.ts'
import { mustModerate } from './found-comment.ts'

/** The incident of an address, for those who decide about comments; otherwise an error page. */
export async function incidentSubject(context: Readonly<RouterContextProvider>, typed: string | undefined) {
  mustModerate(context)
  const here = installation(context)
  const id = parseId(typed)
  const incident = id && (await incidentById(here.db, id))
  if (!incident) throw data('There is no such incident.', { status: 404 })
  const [pages, zone] = await Promise.all([pagesOf(here.db, id), timeZoneHere(here.db)])
  const own = pages.filter((page) => isOurs(here, page.platform))
  const asChoices = (some: typeof own) => some.map(({ id, title }) => ({ id: id as string, title }))
  return {
    incident,
    own: asChoices(own),
    /** Those of them whose comments can be held now. */
    toHold: asChoices(await pagesToHold(here, own)),
    others: pages.filter((page) => !isOurs(here, page.platform)).map(({ title }) => title),
    zone,
  }
}
