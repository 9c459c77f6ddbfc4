import { data } from 'react-router'
import { allPages } from '../../pages/pages.ts'
import { installation } from '../../web/context.ts'
import { formOf } from '../../web/form.ts'
import { findingsIn } from '../store.ts'
import type { Route } from './+types/screening'
import { foundPost } from './found-post.ts'

/** What the policy's screening finds in what is typed so far. Nothing is kept. */
export async function action({ request, params, context }: Route.ActionArgs) {
  const all = installation(context)
  const post = await foundPost(all, params.id)
  const form = await formOf(request)
  const text = String(form.get('text') ?? '').replaceAll('\r\n', '\n')
  if (text.length > 20_000) throw data('A post can’t be longer than 20,000 characters.', { status: 413 })
  const chosen = form.getAll('pages').map(String)
  const audiences = (await allPages(all.db))
    .filter((page) => chosen.includes(page.id))
    .flatMap((page) => page.audiences)
  const others = post.images.map(({ id, alt }) => ({ alt: String(form.get(`alt-${id}`) ?? alt) }))
  return {
    inText: all.policy.screen(text, { audiences }),
    elsewhere: findingsIn(all, { text: '', link: String(form.get('link') ?? ''), images: others }, audiences),
  }
}
