import { data } from 'react-router'
import type { z } from 'zod'

/** A form that was read: its values, or a sentence for each field that has to change, with what was typed. */
export type FormRead<Value> =
  | { valid: true; value: Value }
  | { valid: false; problems: Record<string, string>; typed: Record<string, string> }

/** Reads a submitted form by a schema. Passwords are not handed back with what was typed. */
export async function readForm<Schema extends z.ZodType>(
  request: Request,
  schema: Schema,
): Promise<FormRead<z.output<Schema>>> {
  return checkForm(await formOf(request), schema)
}

/** The fields of a submitted form. One that no browser sends, damaged or in another encoding, is answered with 400. */
export async function formOf(request: Pick<Request, 'formData'>): Promise<FormData> {
  const sent = await request.formData().catch(() => {
    throw data('This form arrived damaged. Go back, and send it again.', { status: 400 })
  })
  const form = new FormData()
  // No keyboard types a NUL, and the database can't hold one.
  for (const [name, value] of sent)
    form.append(name, typeof value === 'string' ? value.replaceAll('\0', '') : value)
  return form
}

/** The same for a form that was read already. A name that stands in it several times becomes a list. */
export function checkForm<Schema extends z.ZodType>(
  form: FormData,
  schema: Schema,
): FormRead<z.output<Schema>> {
  const fields: Record<string, unknown> = {}
  const typed: Record<string, string> = {}
  for (const name of new Set(form.keys())) {
    const values = form.getAll(name)
    fields[name] = values.length > 1 ? values : values[0]
    if (typeof values[0] === 'string' && !/password|code|secret/i.test(name)) typed[name] = values[0]
  }
  const read = schema.safeParse(fields)
  if (read.success) return { valid: true, value: read.data }
  const problems: Record<string, string> = {}
  for (const issue of read.error.issues) problems[String(issue.path[0] ?? 'form')] ??= issue.message
  return { valid: false, problems, typed }
}

/** What was typed into a form, field by field, as a form shows it again. Of a name that stands in it several times, the last. */
export const typedIn = (form: FormData): Record<string, string> =>
  Object.fromEntries([...form].map(([name, value]) => [name, String(value)]))
