import { Link } from 'react-router'
import { DataTable } from '../../web/components/data-table.tsx'
import { When } from '../../web/components/when.tsx'
import { sizeOf } from './size.ts'

export interface UnfinishedUpload {
  id: string
  fileName: string
  pageTitle: string
  bytes: number
  received: number
  receivedAt: Date
  by: string
}

/** What has begun to arrive and is no import yet. */
export function UnfinishedUploads({ uploads, zone }: { uploads: readonly UnfinishedUpload[]; zone: string }) {
  if (uploads.length === 0) return null
  return (
    <>
      <DataTable
        caption="Unfinished uploads"
        columns={[
          {
            key: 'fileName',
            title: 'File',
            render: ({ id, fileName }) => (
              <>
                {fileName}
                <br />
                <Link className="margin-right-1" to={`/console/imports/new?upload=${id}`}>
                  Go on<span className="usa-sr-only"> with {fileName}</span>
                </Link>{' '}
                <Link to={`/console/imports/uploads/${id}/removal`}>
                  Discard<span className="usa-sr-only"> {fileName}</span>
                </Link>
              </>
            ),
          },
          { key: 'pageTitle', title: 'Page' },
          {
            key: 'received',
            title: 'Sent',
            render: ({ received, bytes, fileName }) => (
              <>
                {sizeOf(received)} of {sizeOf(bytes)}{' '}
                <progress
                  className="width-full"
                  max={bytes}
                  value={received}
                  aria-label={`How much of ${fileName} is sent`}
                />
              </>
            ),
          },
          { key: 'by', title: 'By' },
          {
            key: 'receivedAt',
            title: 'Last piece',
            render: (one) => <When at={one.receivedAt} zone={zone} />,
          },
        ]}
        rows={uploads}
      />
      <p>
        Choose the same file again, in any browser, and only the rest of it is sent. What nobody goes on with
        for a week is deleted.
      </p>
    </>
  )
}
