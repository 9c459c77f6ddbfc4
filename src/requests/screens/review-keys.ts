import { type RefObject, useEffect, useRef } from 'react'

/**
 * One key for each decision: it presses what carries it in `data-key` on the present card. Off while somebody types
 * (WCAG 2.1.4: the keys work only while a card has the focus).
 */
export function useReviewKeys(section: RefObject<HTMLElement | null>) {
  const place = useRef(-1)

  useEffect(() => {
    function press(event: KeyboardEvent) {
      if (!section.current || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      const cards = [...section.current.querySelectorAll<HTMLElement>('[data-card]')]
      const focused = cards.findIndex((card) => card.contains(document.activeElement))
      const step = { j: 1, ArrowDown: 1, ArrowUp: -1 }[event.key]
      if (step) place.current = focusOn(cards, focused + step)
      else if (focused < 0 || !pressOn(cards[focused], event.key)) return
      else place.current = focused
      event.preventDefault()
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [section])

  // After a decision its card is gone: the next one, now in its place, has the focus.
  useEffect(() => {
    if (place.current < 0 || !section.current || document.activeElement !== document.body) return
    focusOn([...section.current.querySelectorAll<HTMLElement>('[data-card]')], place.current)
  })
}

function pressOn(card: HTMLElement | undefined, key: string): boolean {
  if (!/^[rdwux]$/.test(key)) return false
  const button = card?.querySelector<HTMLElement>(`[data-key="${key}"]`)
  if (!button) return false
  button.click()
  if (key === 'w') button.parentElement?.querySelector<HTMLElement>('select')?.focus()
  return true
}

function focusOn(cards: readonly HTMLElement[], wanted: number): number {
  const at = Math.max(0, Math.min(wanted, cards.length - 1))
  cards[at]?.focus()
  cards[at]?.scrollIntoView({ block: 'nearest' })
  return at
}

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  ((target instanceof HTMLInputElement && target.type !== 'checkbox') ||
    ['TEXTAREA', 'SELECT'].includes(target.tagName))
