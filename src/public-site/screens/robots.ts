const lines = [
  'User-agent: *',
  'Disallow: /console',
  'Disallow: /records-requests/',
  'Disallow: /*?answer=',
  'Disallow: /*/report$',
  '',
]

/** What search engines leave out: the console, requests that only their requester's code opens, and forms at each comment. */
export const loader = () =>
  new Response(lines.join('\n'), { headers: { 'Content-Type': 'text/plain; charset=utf-8' } })
