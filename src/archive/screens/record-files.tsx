import { TallPicture } from '../../web/components/tall-picture.tsx'
import type { KeptRecord, RecordBlob } from '../archive.ts'
import { shownTypes } from '../shown-types.ts'

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

/** What a record shows comes first, and behind it what it rests on. */
const behind = ({ role }: RecordBlob) => Number(role === 'platform-answer' || role === 'wire')

const titles: Record<string, string> = {
  image: 'Picture',
  video: 'Video',
  audio: 'Audio',
  captions: 'Captions',
  'platform-answer': 'The platform’s answer, as it came',
  wire: 'What went over the wire (WARC)',
  screenshot: 'Screenshot of the page as it was captured',
  'web-capture': 'The captured page (WACZ), as it is kept',
}

/**
 * The files of a record: pictures are shown, each picture and caption file with the words that a machine read in it, and
 * a captured page can be taken out with its proof.
 */
export function RecordFiles({ record, readings }: { record: Shown; readings: ReadonlyMap<string, string> }) {
  return (
    <>
      {record.blobs
        .toSorted((a, b) => behind(a) - behind(b))
        .map((blob) => (
          <RecordFile
            key={blob.sha256}
            blob={blob}
            place={`/console/archive/${record.id}/files/${blob.sha256}`}
            words={readings.get(blob.sha256)}
          />
        ))}
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

function RecordFile({ blob, place, words }: { blob: RecordBlob; place: string; words: string | undefined }) {
  const { mediaType, role, bytes } = blob
  const title = titles[role] ?? role
  if (role === 'screenshot')
    return (
      <>
        <TallPicture file={place} of={title} />
        {words && (
          <details>
            <summary>What a machine read in the screenshot</summary>
            <Derived words={words}>{fromPicture}</Derived>
          </details>
        )}
      </>
    )
  const picture = mediaType.startsWith('image/')
  return (
    <div className="grid-row grid-gap margin-top-2">
      <figure className={`margin-0 ${words ? 'tablet:grid-col-6' : ''}`}>
        {shownTypes.includes(mediaType) && (
          <img className="pv-image" src={place} alt={words ? `Picture: ${words}` : title} />
        )}
        <figcaption>
          <a href={place}>{title}</a>{' '}
          <span className="pv-quiet">
            {mediaType}, {bytes.toLocaleString('en-US')} bytes
          </span>
        </figcaption>
      </figure>
      {words && (
        <div className="tablet:grid-col-6">
          <Derived words={words}>{picture ? fromPicture : fromCaptions}</Derived>
        </div>
      )}
    </div>
  )
}

const fromPicture = 'Read from the picture by machine. It may be wrong, and is no part of the record.'
const fromCaptions =
  'Said in the video, by its captions. Read by machine from the file; no part of the record’s text.'

/** Words that a machine read in a file, and where they come from. */
function Derived({ words, children }: { words: string; children: string }) {
  return (
    <>
      <p className="pv-quiet margin-top-0">{children}</p>
      <p className="pv-quote text-pre-wrap">{words}</p>
    </>
  )
}
