const lines = [
  'User-agent: *',
  'Disallow: /console',
  'Disallow: /records-requests/',
  'Disallow: /*?answer=',
  '',
]

/** What search engines leave out: the console, and requests that only their requester's code opens. */
export const loader = () =>
  new Response(lines.join('\n'), { headers: { 'Content-Type': 'text/plain; charset=utf-8' } })
