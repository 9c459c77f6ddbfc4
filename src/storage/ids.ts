import { v7 } from 'uuid'

declare const brand: unique symbol

/** A UUIDv7 that names one kind of thing; another kind's id does not compile in its place. */
export type Id<Kind extends string> = string & { readonly [brand]: Kind }

export type PersonId = Id<'person'>
export type PageId = Id<'page'>
export type PostId = Id<'post'>
export type CommentId = Id<'comment'>
export type RecordId = Id<'record'>
export type RequestId = Id<'request'>
export type ImportId = Id<'import'>
export type CaptureId = Id<'capture'>

/** A new time-ordered identifier (UUIDv7, RFC 9562). */
export const newId = <Kind extends string>(): Id<Kind> => v7() as Id<Kind>

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** The id in an address or a form, or null when it is not one. */
export const parseId = <Kind extends string>(text: string | undefined | null): Id<Kind> | null =>
  text && uuid.test(text) ? (text as Id<Kind>) : null

/** When an id was made: its first 48 bits are milliseconds (RFC 9562, section 5.7). */
export const madeAt = (id: Id<string>): Date =>
  new Date(Number.parseInt(id.replace('-', '').slice(0, 12), 16))
