import { type RefObject, useEffect, useRef } from 'react'

/** What the keys need of the list: its cards in the DOM, and which of them are free. */
export interface KeyedList {
  /** Whether somebody else looks at a card, or it is over: the next-free key jumps over it. */
  skips(id: string): boolean
  undo(): void
  takeIn(): void
}

/**
 * One key for each decision. `section` holds the cards; a key presses the button of the present card that carries it in
 * `data-key`. Off while somebody types, and when they switched keys off (WCAG 2.1.4).
 */
export function useQueueKeys(section: RefObject<HTMLElement | null>, on: boolean, list: KeyedList) {
  // Before the first key there is none: nobody who has just come is taken past the menu and the heading.
  const place = useRef(-1)
  const present = useRef(list)
  present.current = list

  useEffect(() => {
    if (!on) return
    function press(event: KeyboardEvent) {
      if (!section.current || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      const cards = cardsIn(section.current)
      const focused = cards.findIndex((card) => card.contains(document.activeElement))
      if (focused >= 0) place.current = focused
      const card = cards[place.current]
      const move = (step: number) => {
        place.current = focusOn(cards, free(cards, focused, focused < 0 ? 1 : step, present.current.skips))
      }
      const { key } = event
      if (key === 'j' || key === 'ArrowDown') move(1)
      else if (key === 'p' || key === 'ArrowUp') move(-1)
      // A key that is held down repeats itself; a decision is made once.
      else if (event.repeat) return
      else if (key === 'u') present.current.undo()
      else if (key === 'n') present.current.takeIn()
      else if (key === '?') section.current.querySelector<HTMLElement>('[data-key="?"]')?.click()
      else if (key === 'Escape' && card) close(card)
      // Whoever decides before they chose a comment gets the first one to read; the next press decides about it.
      else if (!card && means(cards[0], key)) move(1)
      else if (!card || !decide(card, key)) return
      else if (leaving(card, key)) move(1)
      event.preventDefault()
    }
    const held = section.current
    document.addEventListener('keydown', press)
    held?.setAttribute('data-keys', 'on')
    return () => {
      document.removeEventListener('keydown', press)
      held?.removeAttribute('data-keys')
    }
  }, [section, on])

  // After a decision its card is gone: the next one, now in its place, has the focus.
  useEffect(() => {
    if (!on || place.current < 0 || !section.current || document.activeElement !== document.body) return
    focusOn(cardsIn(section.current), place.current)
  })
}

/** Whether a key stands for anything on a card. */
const means = (card: HTMLElement | undefined, key: string) =>
  card?.querySelector(`[data-key="${CSS.escape(key.toLowerCase())}"]`) != null

/** Presses what a key stands for on a card; false when it stands for nothing there. */
function decide(card: HTMLElement, key: string): boolean {
  // With Shift it is for the identical ones as well.
  const all = key === 'K' || key === 'H'
  if (all) {
    const copies = card.querySelector<HTMLInputElement>('[name="copies"]')
    if (!copies) return false
    copies.checked = true
  }
  const small = all ? key.toLowerCase() : key
  if (small === 'h' || small === 'a') return open(card, small)
  if (small === 'v') return lookAtNext(card)
  if (/^[1-9]$/.test(key)) {
    const choice = card.querySelector<HTMLElement>(`details[open] [data-key="${key}"]`)
    choice?.click()
    if (choice) close(card)
    return choice !== null
  }
  const button = card.querySelector<HTMLElement>(`[data-key="${CSS.escape(small)}"]`)
  button?.click()
  return button !== null
}

/** Shows the next picture that is still blurred, one with each press; once all are shown, blurs them. */
function lookAtNext(card: HTMLElement): boolean {
  const pictures = [...card.querySelectorAll<HTMLInputElement>('[data-key="v"]')]
  const next = pictures.find(({ checked }) => !checked)
  for (const one of next ? [next] : pictures) one.click()
  return pictures.length > 0
}

/** Whether the moderator is done with a card by this key; asking, passing on and looking leave them with it. */
function leaving(card: HTMLElement, key: string): boolean {
  if (key === 'k' || key === 'K') return true
  return /^[1-9]$/.test(key) && card.dataset.chosen === 'h'
}

function open(card: HTMLElement, key: string): boolean {
  const details = choicesOf(card, key)
  if (!details) {
    const field = card.querySelector<HTMLElement>(`textarea[data-key="${key}"]`)
    field?.focus()
    return field !== null
  }
  close(card)
  details.open = true
  card.dataset.chosen = key
  details.querySelector<HTMLElement>('button')?.focus()
  return true
}

function close(card: HTMLElement) {
  for (const details of card.querySelectorAll<HTMLDetailsElement>('details[open]:has(> summary[data-key])'))
    details.open = false
  card.focus({ preventScroll: true })
}

const choicesOf = (card: HTMLElement, key: string) =>
  card.querySelector<HTMLElement>(`summary[data-key="${key}"]`)?.closest('details')

const cardsIn = (section: HTMLElement) => [...section.querySelectorAll<HTMLElement>('[data-card]')]

/** The next card in a direction that nobody else looks at; when all are taken, the very next one down, or where one is. */
function free(cards: readonly HTMLElement[], from: number, step: number, skips: KeyedList['skips']): number {
  for (let at = from + step; cards[at]; at += step) if (!skips(cards[at]?.dataset.card ?? '')) return at
  return step > 0 ? from + step : from
}

function focusOn(cards: readonly HTMLElement[], wanted: number): number {
  const at = Math.max(0, Math.min(wanted, cards.length - 1))
  cards[at]?.focus({ preventScroll: true })
  cards[at]?.scrollIntoView({ block: 'nearest' })
  return at
}

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    ['TEXTAREA', 'SELECT'].includes(target.tagName) ||
    (target instanceof HTMLInputElement && target.type !== 'checkbox'))
