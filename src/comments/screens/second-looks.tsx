import { redirect } from 'react-router'
import { EmptyState } from '../../web/components/empty-state.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { looksFor } from '../second-look.ts'
import type { Route } from './+types/second-looks'
import { mustModerate } from './found-comment.ts'

/** On to the first that waits for this person. */
export async function loader({ context }: Route.LoaderArgs) {
  mustModerate(context)
  const [first] = await looksFor(installation(context), signedIn(context))
  if (first) throw redirect(`/console/second-looks/${first.decision}`)
  return null
}

export default function SecondLooks() {
  return (
    <>
      <PageHeading
        title="Second looks"
        lead="Each month some decisions are looked at again by somebody who does not know them."
      />
      <EmptyState title="No second look waits for you">
        <p>When the next month’s are drawn, Today says so.</p>
      </EmptyState>
    </>
  )
}
