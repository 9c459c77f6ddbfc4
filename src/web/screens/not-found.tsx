import { data } from 'react-router'

export const handle = { scripts: false }

/** Any address that no other route answers. */
export function loader() {
  throw data(null, { status: 404 })
}

export default function NotFound() {
  return null
}
