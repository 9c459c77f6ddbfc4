import { csvLine } from '../archive/archive.ts'
import type { Db } from '../storage/database.ts'
import { kappa, type Share, shareOf, wilson } from './agreement.ts'
import * as store from './consistency-store.ts'

/** How alike decisions are over viewpoint, author and moderator, in a period. */
export interface Consistency {
  moderators: store.ByModerator[]
  reasons: store.ByReason[]
  figures: store.Figures
  agreement: Share
  kappa: number | null
  reversals: { appeals: Share; automatic: Share }
  criticism: Share
  others: Share
  /** Comments that no program looked at, so that nobody knows whether they criticize. */
  unknown: Share
  authors: store.ByAuthor[]
  differing: store.Differing[]
}

export async function consistencyOf(db: Db, period: store.Period, zone: string): Promise<Consistency> {
  const [moderators, reasons, figures, content, authors, differing] = await Promise.all([
    store.byModerator(db, period),
    store.byReason(db, period),
    store.figures(db, period),
    store.byContent(db, period),
    store.byAuthor(db, period),
    store.decidedDifferently(db, period, zone),
  ])
  const { bothHide, onlyFirst, onlySecond, bothKeep } = figures.secondLooks
  const ofContent = (criticism: boolean | null) => {
    const { removed = 0, decided = 0 } = content.find((one) => one.criticism === criticism) ?? {}
    return shareOf(removed, decided)
  }
  const sum = (field: 'removed' | 'decided') => content.reduce((total, one) => total + one[field], 0)
  return {
    moderators,
    reasons,
    figures,
    agreement: shareOf(bothHide + bothKeep, bothHide + onlyFirst + onlySecond + bothKeep),
    kappa: kappa(figures.secondLooks),
    reversals: {
      appeals: shareOf(figures.appealsReversed, figures.appealsDecided),
      automatic: shareOf(figures.automaticReversed, figures.automaticReviewed),
    },
    criticism: ofContent(true),
    others: ofContent(false),
    unknown: ofContent(null),
    authors: standOut(authors, sum('removed'), sum('decided')),
    differing,
  }
}

/** Authors of whose comments a larger share was removed than of all, even at the lower end of the interval. */
export const standOut = <Author extends Pick<store.ByAuthor, 'decided' | 'removed'>>(
  authors: readonly Author[],
  removed: number,
  decided: number,
): Author[] =>
  authors.filter(
    (one) => (wilson(one.removed, one.decided)?.from ?? 0) > (decided === 0 ? 1 : removed / decided),
  )

/** What the two removal rates say, and what they can't. */
export function reading({ criticism, others }: Pick<Consistency, 'criticism' | 'others'>): string {
  if (!criticism.interval || !others.interval)
    return 'There is nothing to compare: one of the two groups is empty in this period.'
  const apart =
    criticism.interval.from > others.interval.to
      ? 'Criticism was removed more often than other comments, by more than chance explains. Read the removals one by one.'
      : criticism.interval.to < others.interval.from
        ? 'Criticism was removed less often than other comments, by more than chance explains.'
        : 'The intervals overlap: these numbers show no difference between criticism and other comments, and do not show that there is none.'
  return `${apart} ${limits}`
}
const limits =
  'What the numbers can’t say: whether a single removal was right; whether comments differ in anything but criticism (threats and advertising are rarely criticism); and what the list of words that finds criticism overlooks. A rate is no motive.'

const percent = (share: number) => (share * 100).toFixed(1)

/** The report as one table, a line for each number (RFC 4180). */
export function consistencyCsv(report: Consistency, titleOf: (reason: string) => string): string {
  const share = (section: string, name: string, { of, all, interval }: Share) => [
    [section, name, 'count', String(of)],
    [section, name, 'out of', String(all)],
    [section, name, 'interval from, percent', interval ? percent(interval.from) : ''],
    [section, name, 'interval to, percent', interval ? percent(interval.to) : ''],
  ]
  const { figures, moderators, reasons, authors, differing } = report
  const lines = [
    ['section', 'subject', 'measure', 'value'],
    ...moderators.flatMap(({ name, kept, hidden, reversed, minutes }) => [
      ['moderator', name, 'kept', String(kept)],
      ['moderator', name, 'hidden', String(hidden)],
      ['moderator', name, 'hidden and shown again', String(reversed)],
      ['moderator', name, 'median minutes to the decision', minutes === null ? '' : minutes.toFixed(1)],
    ]),
    ...reasons.flatMap(({ moderator, reason, clause, hidden, reversed }) => [
      ['reason', `${titleOf(reason)} (${clause}), ${moderator}`, 'hidden', String(hidden)],
      ['reason', `${titleOf(reason)} (${clause}), ${moderator}`, 'hidden and shown again', String(reversed)],
    ]),
    ...share('second looks', 'agreed', report.agreement),
    ['second looks', 'all', "Cohen's kappa", report.kappa === null ? '' : report.kappa.toFixed(3)],
    ...share('appeals', 'reversed', report.reversals.appeals),
    ['appeals', 'filed', 'count', String(figures.appeals)],
    ...share('automatic hiding', 'reversed on review', report.reversals.automatic),
    ['automatic hiding', 'hidden', 'count', String(figures.automatic)],
    ['shown again', 'all', 'count', String(figures.restored)],
    ...share('removals', 'criticism', report.criticism),
    ...share('removals', 'other comments', report.others),
    ...share('removals', 'not looked at for criticism', report.unknown),
    ...authors.flatMap((one) =>
      share('authors', `${one.author}, ${one.page}`, shareOf(one.removed, one.decided)),
    ),
    ...differing.flatMap((one) => [
      ['identical comments', one.text, 'kept', String(one.kept)],
      ['identical comments', one.text, 'hidden', String(one.hidden)],
    ]),
  ]
  return lines.map(csvLine).join('')
}
