import { Tag } from '../../web/components/tag.tsx'
import { When } from '../../web/components/when.tsx'
import type { Incident } from '../incident-store.ts'

/** Where an incident stands, in a few words. */
export function IncidentState({
  incident: { ended_at, ends_at, endedByName },
  zone,
}: {
  incident: Pick<Incident, 'ended_at' | 'ends_at' | 'endedByName'>
  zone: string
}) {
  if (!ended_at)
    return (
      <>
        <Tag tone="warning">Goes on</Tag> until <When at={ends_at} zone={zone} />
      </>
    )
  return (
    <>
      <Tag>Ended</Tag> {endedByName ? `by ${endedByName}` : 'by itself'}, <When at={ended_at} zone={zone} />
    </>
  )
}
