/** Somebody with a browser without scripts: requests to one site, with the cookies that it gave out. */
export function visitorOf(baseUrl: string) {
  const cookies = new Map<string, string>()
  const ask = async (place: string, init: RequestInit = {}): Promise<Response> => {
    const answer = await fetch(new URL(place, baseUrl), {
      redirect: 'manual',
      ...init,
      headers: {
        Cookie: Array.from(cookies, ([name, value]) => `${name}=${value}`).join('; '),
        // The server refuses forms that come from nowhere.
        ...(init.method === 'POST' ? { Origin: baseUrl } : {}),
      },
    })
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      cookies.set(name, value)
    }
    return answer
  }
  return {
    get: (place: string) => ask(place),
    /** What a page says, without its marks. */
    async text(place: string): Promise<string> {
      const answer = await ask(place)
      if (answer.status !== 200) throw new Error(`${place} answers ${answer.status}.`)
      return wordsOf(await answer.text())
    },
    /** Sends a form as a browser does. */
    post: (place: string, fields: Record<string, string>) =>
      ask(place, { method: 'POST', body: new URLSearchParams(fields) }),
  }
}

export const wordsOf = (html: string): string =>
  html
    .replace(/<(script|style)\b[\s\S]*?<\/\1>/g, ' ')
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&#x27;', '’')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')
