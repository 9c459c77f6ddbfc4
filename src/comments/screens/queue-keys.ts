import { type RefObject, useEffect, useRef } from 'react'

/**
 * One key for each decision. `section` holds the cards; a key presses the button of the present card that carries it
 * in `data-key`. Off while somebody types, and when they switched keys off (WCAG 2.1.4).
 */
export function useQueueKeys(section: RefObject<HTMLElement | null>, on: boolean) {
  // Before the first key there is none: nobody who has just come is taken past the menu and the heading.
  const place = useRef(-1)

  useEffect(() => {
    if (!on) return
    function press(event: KeyboardEvent) {
      if (!section.current || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      const cards = cardsIn(section.current)
      const focused = cards.findIndex((card) => card.contains(document.activeElement))
      if (focused >= 0) place.current = focused
      const card = cards[place.current]
      const step = { j: 1, ArrowDown: 1, ArrowUp: -1 }[event.key]
      if (step) place.current = focusOn(cards, focused < 0 ? 0 : focused + step)
      else if (event.key === 'u') click(section.current, 'u')
      else if (card && event.key === 'h') openReasons(card)
      else if (card && /^[1-9]$/.test(event.key)) {
        const reasons = reasonsOf(card)
        if (!reasons?.open) return
        click(card, event.key)
        reasons.open = false
        card.focus()
      } else if (card && event.key === 'k') click(card, 'k')
      else return
      event.preventDefault()
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [section, on])

  // After a decision its card is gone: the next one, now in its place, has the focus.
  useEffect(() => {
    if (!on || place.current < 0 || !section.current || document.activeElement !== document.body) return
    focusOn(cardsIn(section.current), place.current)
  })
}

const cardsIn = (section: HTMLElement) => [...section.querySelectorAll<HTMLElement>('[data-card]')]

function focusOn(cards: readonly HTMLElement[], wanted: number): number {
  const at = Math.max(0, Math.min(wanted, cards.length - 1))
  cards[at]?.focus()
  cards[at]?.scrollIntoView({ block: 'nearest' })
  return at
}

function openReasons(card: HTMLElement) {
  const details = reasonsOf(card)
  if (!details) return
  details.open = true
  details.querySelector<HTMLElement>('button')?.focus()
}

const reasonsOf = (card: HTMLElement) => card.querySelector<HTMLElement>('[data-key="h"]')?.closest('details')

const click = (inside: HTMLElement, key: string) =>
  inside.querySelector<HTMLElement>(`[data-key="${key}"]`)?.click()

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
