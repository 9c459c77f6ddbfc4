import { TallPicture } from '../../web/components/tall-picture.tsx'
import type { KeptRecord } from '../archive.ts'

/** The files of a record: pictures are shown, a captured page can be taken out with its proof. */
export function RecordFiles({ record }: { record: Pick<KeptRecord, 'id' | 'blobs' | 'content'> }) {
  const captured = Boolean(record.content.datapackage)
  return (
    <>
      {record.blobs.map(({ sha256, mediaType, role, bytes }) => {
        const file = `/console/archive/${record.id}/files/${sha256}`
        const isPicture = mediaType.startsWith('image/')
        if (isPicture && role === 'screenshot')
          return <TallPicture key={sha256} file={file} of="Screenshot of the page as it was captured" />
        return (
          <p key={sha256}>
            {isPicture && <img className="pv-image" src={file} alt={role} />}
            <a href={file}>
              {role}, {mediaType}, {bytes.toLocaleString('en-US')} bytes
            </a>
          </p>
        )
      })}
      {captured && (
        <p>
          <a className="usa-button" href={`/console/archive/${record.id}/capture.wacz`} download>
            Download the capture with its proof (WACZ)
          </a>
        </p>
      )}
    </>
  )
}
