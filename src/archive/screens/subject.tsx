import { Link } from 'react-router'
import { capital } from '../../capital.ts'
import type { RecordLine } from '../archive.ts'

/** What things are called, and where each has a screen. */
const places: Record<string, { title: string; at?: (id: string) => string }> = {
  post: { title: 'Post', at: (id) => `/console/posts/${id}` },
  comment: { title: 'Comment', at: (id) => `/console/comments/${id}` },
  page: { title: 'Page', at: (id) => `/console/pages/${id}` },
  request: { title: 'Request', at: (id) => `/console/requests/${id}` },
  person: { title: 'Person', at: (id) => `/console/people/${id}` },
  import: { title: 'Import', at: (id) => `/console/imports/${id}` },
  imported: { title: 'Imported item' },
  hold: { title: 'Legal hold', at: (id) => `/console/retention/holds/${id}` },
  disposition: { title: 'Disposition', at: (id) => `/console/retention/dispositions/${id}` },
  capture: { title: 'Capture', at: (id) => `/console/captures/${id}` },
  production: { title: 'Production' },
  record: { title: 'Record', at: (id) => `/console/archive/${id}` },
  log: { title: 'The log of records', at: () => '/console/log' },
  department: { title: 'The department', at: () => '/console/department' },
  search: { title: 'A search of the archive' },
  invitation: { title: 'Invitation' },
  'closed-day': { title: 'Closed day' },
  'automatic-hiding': { title: 'Automatic hiding', at: () => '/console/automatic-hiding' },
  'request-desk': { title: 'The records desk’s settings' },
}

const longest = 80

/** The first words that any record says about a thing: what people know it by. */
export function titleOf(
  { kind }: { kind: string },
  about: readonly Pick<RecordLine, 'words'>[],
  otherwise: string,
): string {
  const words = (about.find((one) => one.words.trim())?.words ?? otherwise).trim().split('\n')[0] ?? ''
  const name = places[kind]?.title ?? capital(kind)
  if (!words) return name
  return `${name}: “${words.length > longest ? `${words.slice(0, longest).replace(/\s+\S*$/, '')} …` : words}”`
}

/** What a record is about, as a link where it has a screen of its own. */
export function Subject({ subject, title }: { subject: { kind: string; id: string }; title: string }) {
  const place = places[subject.kind]?.at?.(subject.id)
  return place ? <Link to={place}>{title}</Link> : title
}
