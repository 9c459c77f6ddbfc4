import { data, redirect } from 'react-router'
import { type Answer, timeZoneHere } from '../../department/department.ts'
import { parseId } from '../../storage/ids.ts'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { addImage, removeImage, saveDraft } from '../draft.ts'
import { submitPost } from '../review.ts'
import { findingsIn } from '../store.ts'
import type { Route } from './+types/draft'
import { previewsFor, readComposer } from './composer.ts'
import { ComposerForm } from './composer-form.tsx'
import { foundPost } from './found-post.ts'

export async function loader({ params, context }: Route.LoaderArgs) {
  const all = installation(context)
  const post = await foundPost(all, params.id)
  const { id, text, link, version, pages, state, updatedAt } = post
  const chosen = await previewsFor(all, post)
  return {
    post: { id, text, link: link ?? '', version, pages, state, updatedAt },
    images: post.images.map((image) => ({
      id: image.id,
      alt: image.alt,
      bytes: image.bytes,
      src: `/console/posts/${id}/images/${image.id}`,
    })),
    pages: chosen,
    findings: {
      inText: findingsIn(all, { text, link: null, images: [] }),
      elsewhere: findingsIn(all, { text: '', link, images: post.images }),
    },
    zone: await timeZoneHere(all.db),
  }
}

/** Saves first whatever was asked, so that no refusal loses what was typed. */
export async function action({ request, params, context }: Route.ActionArgs) {
  const all = installation(context)
  const person = signedIn(context)
  const post = await foundPost(all, params.id)
  const sent = await readComposer(request)
  if (!sent) return reply(await addImage(all, person, post.id, post.version, null, ''))

  const saved = await saveDraft(all, person, post.id, sent.typed)
  if (!('done' in saved) || sent.intent === 'save') return reply(saved, sent.typed.text)
  const { version } = saved.done

  if (sent.intent === 'add-image') {
    const { file, alt } = sent.image ?? { file: new Uint8Array(), alt: '' }
    return reply(await addImage(all, person, post.id, version, file, alt), sent.typed.text)
  }
  const remove = parseId(/^remove-image (\S+)$/.exec(sent.intent)?.[1])
  if (remove) return reply(await removeImage(all, person, post.id, version, remove), sent.typed.text)

  const submitted = await submitPost(all, person, post.id, version)
  if ('done' in submitted) throw redirect(`/console/posts/${post.id}`)
  return reply(submitted, sent.typed.text)
}

/** `text` comes back with a refusal, so that without scripts too nothing typed is lost. */
function reply(answer: Answer<object | string>, text?: string) {
  const nothing = {
    refusal: null,
    problems: {} as Record<string, string>,
    savedAt: null,
    version: null,
    text: null,
  }
  if ('done' in answer) {
    const { version = null, savedAt = null } = answer.done as { version?: number; savedAt?: Date }
    return data({ ...nothing, version, savedAt })
  }
  return 'denied' in answer
    ? data({ ...nothing, refusal: answer.denied, text: text ?? null }, { status: 403 })
    : data({ ...nothing, problems: answer.problems, text: text ?? null }, { status: 422 })
}

export default function Draft({ loaderData, actionData }: Route.ComponentProps) {
  const { state } = loaderData.post
  return (
    <>
      <PageHeading
        title={state === 'draft' ? 'Write a post' : 'Change the post'}
        {...(state === 'draft' || state === 'returned'
          ? {}
          : { lead: 'Any change makes a new version, which needs an approval of its own.' })}
      />
      <ComposerForm {...loaderData} answer={actionData} key={loaderData.post.id} />
    </>
  )
}
