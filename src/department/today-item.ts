/** Something that waits for a person, for their Today screen. */
export interface TodayItem {
  kind: string
  title: string
  detail: string
  href: string
  /** When it is due, or since when it waits. */
  at: Date
}
