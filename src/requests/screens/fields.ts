import { z } from 'zod'

const empty = (text: string) => (text.trim() === '' ? undefined : text.trim())

/** Text that may be left out. */
export const optional = (max: number, sentence: string) =>
  z
    .string()
    .max(max, sentence)
    .optional()
    .transform((text) => (text === undefined ? text : empty(text)))

/** A day as date fields send it, that may be left out. */
export const optionalDay = z
  .string()
  .optional()
  .transform((text) => (text === undefined ? text : empty(text)))
  .refine(
    (text) => text === undefined || isDay(text),
    'This is no day of the calendar. Write it as 2026-03-14.',
  )

export const day = (missing: string) =>
  z
    .string({ error: missing })
    .trim()
    .min(1, missing)
    .refine(isDay, 'This is no day of the calendar. Write it as 2026-03-14.')

/** Text that must be there. */
export const needed = (missing: string, max = 20_000) =>
  z
    .string({ error: missing })
    .trim()
    .min(1, missing)
    .max(max, `This is longer than ${max.toLocaleString('en-US')} characters. Shorten it.`)

export const email = optional(254, 'This is longer than an e-mail address can be.').refine(
  (text) => text === undefined || /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text),
  'This is no e-mail address. Write it like name@example.org, or leave it empty.',
)

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const at = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text)
}
