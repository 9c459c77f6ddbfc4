import { answerForDepartment, reportComment } from '../comments/comments.ts'
import type { Person } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import type { CommentId } from '../storage/ids.ts'
import { generator } from './chance.ts'
import type { DemoComment } from './conversation.ts'
import { done } from './done.ts'

/** A comment of the demonstration, on the page since `at`. */
export interface Said {
  id: CommentId
  remark: DemoComment
  at: Date
}

/** What the town reports, in its own words. Some reports are only disagreement: a moderator has to see that. */
const reports: Record<string, readonly { reason: string; explanation: string }[]> = {
  spam: [
    { reason: 'off-topic', explanation: 'Same ad as last week.' },
    { reason: 'off-topic', explanation: '' },
    { reason: 'other', explanation: 'My mother clicked one of these. Please take it down.' },
  ],
  threat: [
    { reason: 'personal-attack', explanation: 'This is a threat. Has anybody seen it?' },
    { reason: 'personal-attack', explanation: '' },
    { reason: 'other', explanation: 'I think I know who writes this.' },
  ],
  private: [
    { reason: 'personal-attack', explanation: 'That is somebody’s private address.' },
    { reason: 'personal-attack', explanation: 'Please remove it before somebody goes there.' },
  ],
  obscene: [{ reason: 'obscenity', explanation: 'My kids read this page.' }],
  attack: [
    { reason: 'personal-attack', explanation: 'No need to be so mean to a neighbor.' },
    { reason: 'other', explanation: '' },
  ],
  criticism: [
    { reason: 'personal-attack', explanation: 'He is bashing our officers again.' },
    { reason: 'other', explanation: 'Not true and unfair to the chief.' },
    { reason: 'off-topic', explanation: '' },
  ],
  'off-topic': [{ reason: 'off-topic', explanation: 'This is not a flea market.' }],
}
/** How many of a kind are reported by anybody, of a hundred. */
const reportedOfHundred: Record<string, number> = { criticism: 12, 'off-topic': 30 }

/** What the department answered to what people asked. */
const answers: readonly { to: string; text: string }[] = [
  {
    to: 'Is the shelter open to pets?',
    text: 'Yes. Bring cats and dogs in a carrier, with food and what they take. There is a room for them.',
  },
  {
    to: 'Who do we call if the battery runs low?',
    text: 'Call 911 before it runs low, and say that somebody is on oxygen. The fire department brings a bottle.',
  },
  {
    to: 'Is that safe?',
    text: 'No. A cord across a street breaks, and power can run back into the lines. Please ask them to take it in.',
  },
  {
    to: 'Why was the parking ban announced so late?',
    text: 'You are right, four hours is too little for people on the night shift. From the next storm on we announce it the evening before, by six.',
  },
  {
    to: 'Will the bus still stop at the library?',
    text: 'It stops at Town Hall until the work is done. The driver lets you off at the library if you ask.',
  },
  {
    to: 'Is the sidewalk open?',
    text: 'Yes, on the side of the bakery, with a ramp at both ends. If a car stands on it, call the front desk.',
  },
  {
    to: 'How do I report one that did not work?',
    text: 'Tell the front desk the number and the hour. Attempts help us to warn others.',
  },
  {
    to: 'What do I do now?',
    text: 'Call your bank first, today, then the station. It happens to careful people. We can often still stop a transfer within a day.',
  },
  {
    to: 'Where do I send it?',
    text: 'Thank you. Please keep the original and call the front desk; a detective tells you how to hand it over.',
  },
  {
    to: 'Is there an age limit?',
    text: 'There is none above. You have to be 21 on the day of the oath, and pass the same test as everybody.',
  },
  {
    to: 'What do they do with the dogs when they retire?',
    text: 'They stay with their handlers. Bruno has his own chair.',
  },
  {
    to: 'Racial profiling on Old Post Road is real.',
    text: 'We take this seriously. You can file a complaint at Town Hall as well as here, without giving your name, and the numbers of all stops by race are published each quarter.',
  },
]
/** More than these would make a page of answers. */
const mostTimes = 3

/** The town reports what it minds, a few minutes after it was written. */
export async function report(here: Installation, said: readonly Said[], set: (at: Date) => void) {
  const chance = generator(88)
  let reporters = 0
  for (const { id, remark, at } of said) {
    const kinds = reports[remark.kind]
    if (!kinds || chance() * 100 >= (reportedOfHundred[remark.kind] ?? 80)) continue
    for (const [n, typed] of kinds.slice(0, 1 + Math.floor(chance() * kinds.length)).entries()) {
      set(new Date(at.getTime() + (n + 1) * 60_000))
      const clientAddress = `2001:db8:88::${(reporters++).toString(16)}`
      done(await reportComment(here, id, { ...typed, honeypot: '', clientAddress }))
    }
  }
}

/** The department answers questions, each a few times, an hour or so after they were asked. */
export async function answer(
  here: Installation,
  by: Person,
  said: readonly Said[],
  until: Date,
  set: (at: Date) => void,
) {
  const chance = generator(89)
  for (const { to, text } of answers) {
    const asked = said.filter(({ remark }) => remark.text.includes(to)).slice(-mostTimes)
    for (const { id, at } of asked) {
      set(new Date(Math.min(at.getTime() + (20 + chance() * 90) * 60_000, until.getTime())))
      done(await answerForDepartment(here, by, id, text))
    }
  }
}
