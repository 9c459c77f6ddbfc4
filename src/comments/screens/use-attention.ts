import { useEffect, useRef, useState } from 'react'
import type { CommentId } from '../../storage/ids.ts'
import type { Attention } from './attention.ts'

const everyMilliseconds = 3_000
/** Somebody who touched nothing for so long has gone for coffee; their claim ends, and their session in time. */
const awayMilliseconds = 90_000

/**
 * Tells the server what the moderator looks at, and learns what is new. `shown` are the comments on the screen, in a ref
 * because they change with every scroll; `focused` is the one with the focus.
 */
export function useAttention(
  address: string,
  since: Date,
  shown: { readonly current: readonly CommentId[] },
  focused: CommentId | null,
): Attention | null {
  const [attention, setAttention] = useState<Attention | null>(null)
  const touched = useRef(Date.now())

  useEffect(() => {
    const touch = () => {
      touched.current = Date.now()
    }
    const leave = () => navigator.sendBeacon('/console/comments/attention', bodyOf({ looking: 'none' }))
    for (const event of ['keydown', 'pointerdown', 'wheel'])
      document.addEventListener(event, touch, { passive: true })
    window.addEventListener('pagehide', leave)
    return () => {
      for (const event of ['keydown', 'pointerdown', 'wheel']) document.removeEventListener(event, touch)
      window.removeEventListener('pagehide', leave)
      leave()
    }
  }, [])

  useEffect(() => {
    const stop = new AbortController()
    const ask = async () => {
      if (document.visibilityState !== 'visible') return
      // Of several windows only the one that they work in says what they look at.
      const away = Date.now() - touched.current >= awayMilliseconds
      const here = document.hasFocus() && !away
      const answer = await fetch(`/console/comments/attention${away ? '?away' : ''}`, {
        method: 'POST',
        body: bodyOf({
          address,
          since: since.toISOString(),
          shown: shown.current.slice(0, 100).join(','),
          looking: here && focused ? focused : '',
        }),
        signal: stop.signal,
      }).catch(() => null)
      // A server that is away for a moment is asked again in three seconds.
      if (answer?.status === 200) setAttention(await answer.json().catch(() => null))
    }
    // Running past a card with the keys is no look at it.
    const soon = setTimeout(ask, 200)
    const timer = setInterval(ask, everyMilliseconds)
    return () => {
      stop.abort()
      clearTimeout(soon)
      clearInterval(timer)
    }
  }, [address, since, shown, focused])

  return attention
}

const bodyOf = (fields: { looking: string; address?: string; since?: string; shown?: string }) =>
  new URLSearchParams({ address: '', since: new Date(0).toISOString(), ...fields })
