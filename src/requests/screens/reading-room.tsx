import { Form, Link } from 'react-router'
import { timeZoneHere } from '../../department/department.ts'
import { Field } from '../../web/components/field.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Pager } from '../../web/components/pager.tsx'
import { When } from '../../web/components/when.tsx'
import { installation } from '../../web/context.ts'
import { readingRoom, roomPage } from '../reading-room.ts'
import type { Route } from './+types/reading-room'
import { sizeInWords } from './size.ts'

export async function loader({ request, context }: Route.LoaderArgs) {
  const { db } = installation(context)
  const address = new URL(request.url).searchParams
  const words = (address.get('words') ?? '').trim().slice(0, 200)
  const typed = Number(address.get('page'))
  const page = Number.isInteger(typed) && typed > 0 && typed < 100_000 ? typed : 1
  const [{ rows, total }, zone] = await Promise.all([readingRoom(db, { words, page }), timeZoneHere(db)])
  return {
    rows,
    words,
    page,
    pages: Math.ceil(total / roomPage),
    zone,
  }
}

export default function ReadingRoom({ loaderData }: Route.ComponentProps) {
  const { rows, words, page, pages, zone } = loaderData
  return (
    <>
      <PageHeading
        title="Reading room"
        lead="Records that somebody has asked for, for everybody. You need no code and no reason."
      />
      <Form method="get" role="search" className="usa-form maxw-tablet">
        <Field label="Words" name="words" type="search" defaultValue={words} />
        <button type="submit" className="usa-button usa-button--outline">
          Search
        </button>
      </Form>
      {rows.length === 0 && (
        <p>
          {words ? 'Nothing here is like that. ' : 'Nothing stands here yet. '}
          <Link to="/records-requests/new">Ask for records</Link>
        </p>
      )}
      {rows.map((one) => (
        <section key={one.id} className="border-left-05 border-base-lighter padding-left-2 margin-y-2">
          <h2 className="margin-top-0">{one.title}</h2>
          {one.summary && <p className="text-pre-wrap">{one.summary}</p>}
          <p>
            <a href={`/records-requests/reading-room/${one.id}`} download>
              Download {sizeInWords(one)}
            </a>
            , <When at={one.at} zone={zone} />
            <br />
            <span className="pv-quiet">
              SHA-256 <code className="text-wrap">{one.sha256}</code>
            </span>
          </p>
        </section>
      ))}
      <Pager page={page} pages={pages} />
    </>
  )
}
