import { Link } from 'react-router'
import { installation } from '../../web/context.ts'
import { fits, whenToUse } from '../letter.ts'
import { lettersOf } from '../letter-store.ts'
import { longDay } from '../long-day.ts'
import type { Route } from './+types/letters'
import { foundRequest } from './found.ts'
import { RequestHeading } from './request-heading.tsx'
import { requestPath } from './request-path.ts'

export async function loader({ request, params, context }: Route.LoaderArgs) {
  const found = await foundRequest(context, params.id)
  const { db, policy } = installation(context)
  const closing = new URL(request.url).searchParams.get('for') === 'closure'
  return {
    request: found,
    closing,
    templates: policy.letters.templates
      .filter((one) => fits(one, found) && (!closing || one.does === 'close'))
      // What is meant for an order comes first when there is one.
      .sort((one, other) => Number(other.when === 'ordered') - Number(one.when === 'ordered'))
      .map((one) => ({
        id: one.id,
        title: one.title,
        use: whenToUse(one, policy),
        closes: one.does === 'close',
      })),
    sent: await lettersOf(db, found.id),
  }
}

export default function Letters({ loaderData: { request, closing, templates, sent } }: Route.ComponentProps) {
  const path = `${requestPath(request.id)}/letters`
  const list = (closes: boolean) => (
    <ul className="add-list-reset">
      {templates
        .filter((one) => one.closes === closes)
        .map((one) => (
          <li key={one.id} className="pv-card">
            <h3 className="margin-0">
              <Link to={`${path}/${one.id}`}>{one.title}</Link>
            </h3>
            <p className="margin-bottom-0">{one.use}</p>
          </li>
        ))}
    </ul>
  )
  return (
    <>
      <RequestHeading
        request={request}
        title={closing ? `Close ${request.number}` : `Letters for ${request.number}`}
        lead="Each letter is filled from the request. You can change it before you send it."
      />
      {!request.closure && (
        <>
          {!closing && (
            <>
              <h2>Write</h2>
              {list(false)}
            </>
          )}
          <h2>Letters that end the request</h2>
          {list(true)}
        </>
      )}
      {sent.length > 0 && !closing && (
        <>
          <h2>Sent</h2>
          <ul className="usa-list">
            {sent.map((one) => (
              <li key={one.id}>
                <Link to={`${path}/sent/${one.id}`}>{one.subject}</Link>, {longDay(one.sentOn)}, {one.byName}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}
