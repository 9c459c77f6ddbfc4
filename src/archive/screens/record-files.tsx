import { TallPicture } from '../../web/components/tall-picture.tsx'
import type { KeptRecord } from '../archive.ts'

type Shown = Pick<KeptRecord, 'id' | 'blobs' | 'content' | 'words'>

/** A captured page is known by its picture: that comes first, and the many words on it are folded. */
export const isCapture = ({ content }: Pick<Shown, 'content'>) => Boolean(content.datapackage)

export function Words({ record }: { record: Shown }) {
  if (!record.words) return null
  const words = <p className="pv-quote">{record.words}</p>
  if (!isCapture(record)) return words
  return (
    <details>
      <summary>The words on the page</summary>
      {words}
    </details>
  )
}

/** The files of a record: pictures are shown, a captured page can be taken out with its proof. */
export function RecordFiles({ record }: { record: Shown }) {
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
      {isCapture(record) && (
        <p>
          <a className="usa-button" href={`/console/archive/${record.id}/capture.wacz`} download>
            Download the capture with its proof (WACZ)
          </a>
        </p>
      )}
    </>
  )
}
