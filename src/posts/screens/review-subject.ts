import { timeZoneHere } from '../../department/department.ts'
import type { Installation } from '../../installation.ts'
import { allPages } from '../../pages/pages.ts'
import { findingsIn } from '../store.ts'
import { foundPost } from './found-post.ts'

/** What the screens that decide about a post show of it. */
export async function reviewSubject(all: Installation, id: string | undefined) {
  const post = await foundPost(all, id)
  const pages = (await allPages(all.db)).filter((page) => post.pages.includes(page.id))
  return {
    post: {
      id: post.id,
      version: post.version,
      state: post.state,
      text: post.text,
      link: post.link,
      author: post.author,
      authorName: post.authorName,
      editors: post.editors,
      images: post.images.map(({ id, alt }) => ({ id, alt })),
    },
    pages: pages.map(({ id, title, state }) => ({ id, title, state })),
    findings: findingsIn(
      all,
      post,
      pages.flatMap((page) => page.audiences),
    ),
    zone: await timeZoneHere(all.db),
  }
}
