import { Tag } from '../../web/components/tag.tsx'
import type { Clock, CountedDay } from '../deadline.ts'
import { longDay } from '../long-day.ts'

/** Where the clock stands, in a word and a sentence. */
export function ClockTag({ clock }: { clock: Clock }) {
  if (clock.state === 'overdue') return <Tag tone="error">Overdue</Tag>
  if (clock.state === 'stopped') return <Tag>Closed</Tag>
  return <Tag tone={clock.left <= 2 ? 'warning' : 'info'}>{leftOf(clock.left)}</Tag>
}

export function clockSentence(clock: Clock): string {
  if (clock.state === 'stopped')
    return `Closed on business day ${clock.day} of ${clock.of}, ${clock.inTime ? 'in time' : 'after the deadline'}.`
  if (clock.state === 'overdue')
    return clock.by === 0
      ? `It was due on ${longDay(clock.due)}. Answer it now.`
      : `It was due on ${longDay(clock.due)} and is ${days(clock.by)} late. Answer it now.`
  return `Today is business day ${clock.day} of ${clock.of}; ${leftOf(clock.left).toLowerCase()}, until ${longDay(clock.due)}.`
}

/** Day by day, which were counted and which were not, so that anybody can count along. */
export function DaysCounted({ days }: { days: readonly CountedDay[] }) {
  return (
    <details className="margin-top-2">
      <summary>How the days were counted</summary>
      <ol className="usa-list usa-list--unstyled margin-top-1">
        {days.map((one) => (
          <li key={one.day} className={one.number === null ? 'pv-quiet' : undefined}>
            {longDay(one.day)}: {one.number === null ? `not counted (${one.why})` : `day ${one.number}`}
          </li>
        ))}
      </ol>
    </details>
  )
}

const days = (count: number) => (count === 1 ? '1 business day' : `${count} business days`)
const leftOf = (left: number) => (left === 0 ? 'Due today' : `${days(left)} left`)
