/** A text as PostgreSQL takes it: its text and jsonb hold no NUL, and UTF-8 no half of a surrogate pair. */
export const storable = (text: string) => text.toWellFormed().replaceAll('\0', '')
