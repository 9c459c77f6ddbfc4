import { randomInt } from 'node:crypto'

const digits = '234567abcdefghijklmnopqrstuvwxyz'
let last = 0n

/** A new record key of AT Protocol: 53 bits of microseconds and 10 random bits, sortable (atproto.com/specs/tid). */
export function newTid(now = Date.now()): string {
  const time = BigInt(now) * 1000n
  last = time > last ? time : last + 1n
  let number = (last << 10n) | BigInt(randomInt(1024))
  let text = ''
  for (let n = 0; n < 13; n++) {
    text = digits.charAt(Number(number & 31n)) + text
    number >>= 5n
  }
  return text
}
