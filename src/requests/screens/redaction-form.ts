import { type RecordText, readRecord } from '../../archive/archive.ts'
import { type Answer, contactsOf, departmentProfile, type Person } from '../../department/department.ts'
import type { Installation } from '../../installation.ts'
import type { RecordId, RequestId } from '../../storage/ids.ts'
import type { Mark } from '../marks.ts'
import { confirmRedaction, marksFor, redactRecord } from '../redaction.ts'
import { textsOf } from '../rendition.ts'
import { partsOf } from './redaction-parts.ts'
import { suggestionKey } from './suggestion-key.ts'

/** Carries out what the redaction form asks for; which button was pressed says what. */
export async function carryOut(
  installation: Installation,
  person: Person,
  id: RequestId,
  record: RecordId,
  form: FormData,
): Promise<Answer<unknown>> {
  const revision = Number(form.get('revision'))
  const kept = await readRecord(installation.db, record)
  if (!kept) return { problems: { form: 'This record does not exist.' } }
  const [intent = '', which = ''] = String(form.get('intent')).split(/:(.*)/s)
  if (intent === 'confirm') return confirmRedaction(installation, person, id, record, revision)
  const original = JSON.parse(kept.json) as RecordText
  const wanted = {
    why: String(form.get('why') ?? ''),
    revision,
    everywhere: form.get('everywhere') === 'yes',
  }
  if (intent === 'take-back')
    return redactRecord(installation, person, id, record, { ...wanted, add: [], takeBack: [Number(which)] })
  const exemption = String(form.get('exemption') ?? '')
  const contacts = contactsOf(await departmentProfile(installation.db))
  const add = marksIn(intent, which, form, original, exemption, installation, contacts)
  return Array.isArray(add)
    ? redactRecord(installation, person, id, record, { ...wanted, add })
    : { problems: add }
}

/** What a button adds, or a sentence for the field that is in its way. */
function marksIn(
  intent: string,
  which: string,
  form: FormData,
  record: RecordText,
  exemption: string,
  { policy }: Installation,
  contacts: readonly string[],
): Mark[] | Record<string, string> {
  if (intent === 'suggestion' || intent === 'suggestions') {
    const all = partsOf(record, [], policy, contacts).texts.flatMap(({ place, suggestions }) =>
      suggestions.map((one) => ({ ...one, place })),
    )
    const words = all.find((one) => suggestionKey(one) === which)?.excerpt
    const chosen = intent === 'suggestions' ? all : all.filter((one) => one.excerpt === words)
    return chosen.length > 0
      ? chosen.map(
          ({ place, start, end, ...one }): Mark => ({
            ...{ kind: 'text', place, start, end },
            exemption: exemption || one.exemption,
          }),
        )
      : { form: 'This suggestion is gone. Look at the record again.' }
  }
  if (!exemption) return { exemption: 'Choose the exemption that allows it.' }
  if (intent === 'text') {
    const text = textsOf(record).get(which)
    return text
      ? [{ kind: 'text', place: which, start: 0, end: text.length, exemption }]
      : { form: 'This text is gone.' }
  }
  if (intent === 'words') return wordsIn(form, record, exemption)
  const file = Number(which)
  if (intent === 'file') return [{ kind: 'file', file, exemption }]
  const number = (name: string) => {
    const typed = String(form.get(`${name}-${file}`) ?? '').trim()
    return typed === '' ? undefined : Number(typed)
  }
  const from = number('from')
  const to = number('to')
  if ([from, to].some((one) => one !== undefined && !(one >= 0)))
    return { form: 'Write the times in seconds, like 12.5.' }
  if (intent === 'silence') {
    return from === undefined || to === undefined
      ? { form: 'Say from which second to which second the sound is taken out.' }
      : [{ kind: 'silence', file, from, to, exemption }]
  }
  const [left = NaN, top = NaN, width = NaN, height = NaN] = ['left', 'top', 'width', 'height'].map(
    (name) => (number(name) ?? NaN) / 100,
  )
  if (![left, top, width, height].every((one) => one >= 0 && one <= 1) || width === 0 || height === 0)
    return { form: 'Draw the area on the picture, or write its four numbers in percent, from 0 to 100.' }
  const times = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
  return [{ kind: 'area', file, left, top, width, height, ...times, exemption }]
}

/** The words that were selected, at the place where they were selected; typed ones wherever they stand. */
function wordsIn(form: FormData, record: RecordText, exemption: string): Mark[] | Record<string, string> {
  const words = String(form.get('words') ?? '').trim()
  if (!words) return { words: 'Select the words in the text, or type them here.' }
  const place = String(form.get('place') ?? '')
  const [start, end] = [Number(form.get('start')), Number(form.get('end'))]
  const selected = textsOf(record).get(place)?.slice(start, end)
  if (selected?.trim() === words) return [{ kind: 'text', place, start, end, exemption }]
  const marks = marksFor(record, words, exemption)
  return marks.length > 0
    ? marks
    : { words: 'These words are not in the record. Copy them from the text above.' }
}
