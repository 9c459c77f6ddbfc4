/** How often two people decided which way about the same comments. */
export interface Pairs {
  bothHide: number
  /** The first hid it, the second would have kept it. */
  onlyFirst: number
  onlySecond: number
  bothKeep: number
}

/**
 * Cohen's kappa (1960): agreement beyond what chance alone would give; 1 is full agreement, 0 is chance. Null when it
 * is not defined: nothing was compared, or both always decided the same one way.
 */
export function kappa({ bothHide, onlyFirst, onlySecond, bothKeep }: Pairs): number | null {
  const all = bothHide + onlyFirst + onlySecond + bothKeep
  if (all === 0) return null
  const observed = (bothHide + bothKeep) / all
  const hide = ((bothHide + onlyFirst) / all) * ((bothHide + onlySecond) / all)
  const keep = ((onlySecond + bothKeep) / all) * ((onlyFirst + bothKeep) / all)
  const chance = hide + keep
  return chance === 1 ? null : (observed - chance) / (1 - chance)
}

/** Of the normal distribution, for 95 %. */
const z = 1.959964

/** Wilson's interval (1927) for a share, at 95 %: from and to, both between 0 and 1. Null when nothing was counted. */
export function wilson(of: number, all: number): { from: number; to: number } | null {
  if (all === 0) return null
  const share = of / all
  const middle = share + z ** 2 / (2 * all)
  const half = z * Math.sqrt((share * (1 - share)) / all + z ** 2 / (4 * all ** 2))
  const scale = 1 + z ** 2 / all
  return { from: Math.max(0, (middle - half) / scale), to: Math.min(1, (middle + half) / scale) }
}

/** A share of what was counted, with its 95 % interval (Wilson). */
export interface Share {
  of: number
  all: number
  interval: { from: number; to: number } | null
}
export const shareOf = (of: number, all: number): Share => ({ of, all, interval: wilson(of, all) })
