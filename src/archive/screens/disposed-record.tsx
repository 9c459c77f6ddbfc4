import { Link } from 'react-router'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { When } from '../../web/components/when.tsx'
import { kindTitle } from '../kinds.ts'

/** What is left of a record whose content was lawfully destroyed. */
export function DisposedRecordPart({
  record,
}: {
  record: {
    kind: string
    at: Date
    subject: { kind: string; id: string }
    disposition: string
    destroyedAt: Date | null
    title: string
    position: number
    commitment: string
    zone: string
  }
}) {
  return (
    <>
      <PageHeading title={kindTitle(record.kind)} lead={<When at={record.at} zone={record.zone} />} />
      <div className="usa-alert usa-alert--info">
        <div className="usa-alert__body">
          <h2 className="usa-alert__heading">This record was disposed of</h2>
          <p className="usa-alert__text">
            Its period was over, and its content was lawfully destroyed
            {record.destroyedAt && (
              <>
                {' '}
                on <When at={record.destroyedAt} zone={record.zone} />
              </>
            )}
            . <Link to={`/console/retention/dispositions/${record.disposition}`}>See on whose authority</Link>
            .
          </p>
        </div>
      </div>
      <dl className="pv-facts">
        <dt>About</dt>
        <dd>
          {record.title} <span className="pv-quiet">{record.subject.id}</span>
        </dd>
        <dt>In the log</dt>
        <dd>
          Number {record.position.toLocaleString('en-US')}. Its entry stays, so everything else still
          verifies; without the salt it says nothing about the record.
        </dd>
        <dt>Entry</dt>
        <dd>
          <code>{record.commitment}</code>
        </dd>
      </dl>
    </>
  )
}
