/** What one capture may take. */
export interface Limits {
  /** From the browser's start until nothing more is waited for; what is there by then is captured. */
  seconds: number
  /** After that for the pictures; a page that keeps the browser busy for longer is given up. */
  pictureSeconds: number
  requests: number
  /** Of all answers together, and of one. */
  bytes: number
  answerBytes: number
  answerSeconds: number
  /** Requests that are made at the same time, and so the answers that are in memory. */
  atOnce: number
  /** How far a page is scrolled, and how tall its picture is, in pixels. */
  height: number
}

export const usualLimits: Limits = {
  seconds: 90,
  pictureSeconds: 45,
  requests: 2_000,
  bytes: 200_000_000,
  answerBytes: 32_000_000,
  answerSeconds: 30,
  atOnce: 6,
  height: 15_000,
}

/** The longest address that is captured. */
export const longestAddress = 2_000

export const megabytes = (bytes: number) => `${Math.round(bytes / 1_000_000)} MB`
