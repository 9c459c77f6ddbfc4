/** Something that waits for a person, for their Today screen. */
export interface TodayItem {
  kind: string
  title: string
  detail: string
  href: string
  /** When it is due, if the law or the policy sets a day; else since when it waits. */
  at: Date
  due?: boolean
}
