import { z } from 'zod'
import type { Answer, Person } from '../../department/department.ts'
import type { Installation } from '../../installation.ts'
import type { CommentId } from '../../storage/ids.ts'
import { parseId } from '../../storage/ids.ts'
import { installation, signedIn } from '../../web/context.ts'
import { checkForm, formOf } from '../../web/form.ts'
import { type Card, cardsOf } from '../card.ts'
import { escalate, withdrawEscalation } from '../escalation.ts'
import {
  hideComment,
  hideCopies,
  keepComment,
  keepCopies,
  reopenComment,
  reopenTogether,
  restoreComment,
} from '../moderation.ts'
import { advise, askColleague, withdrawQuestion } from '../question.ts'
import type { Route } from './+types/decision'
import type { DecisionReply, Undoing } from './decision-reply.ts'
import { foundComment } from './found-comment.ts'

const decisionForm = z.object({
  what: z.enum([
    'keeping',
    'removal',
    'restoration',
    'reopening',
    'question',
    'question-withdrawal',
    'advice',
    'escalation',
    'escalation-withdrawal',
  ]),
  revision: z.coerce.number().int().default(0),
  copies: z.string().default(''),
  until: z.coerce.date().optional(),
  reason: z.string().default(''),
  note: z.string().trim().max(2000, 'Keep the note under 2,000 characters.').default(''),
  asked: z.string().default(''),
  advice: z.string().max(2000, 'Keep the advice under 2,000 characters.').default(''),
  kind: z.string().default(''),
  escalation: z.string().default(''),
})
type Decision = z.output<typeof decisionForm>

/** The same decisions as the forms', for the script of the queue: it stays where it is and is told what became of it. */
export async function action({ request, params, context }: Route.ActionArgs): Promise<Response> {
  const { id } = await foundComment(context, params.id)
  const form = checkForm(await formOf(request), decisionForm)
  if (!form.valid) return answered({ problems: form.problems }, 422)
  const here = installation(context)
  const answer = await decided(here, signedIn(context), id, form.value)
  if ('denied' in answer) return answered({ refusal: answer.denied }, 403)
  if ('problems' in answer) return answered({ problems: answer.problems }, 422)
  const [card] = await cardsOf(here, [id])
  if (!card) throw new Error(`Comment ${id} has lost its post.`)
  return answered({ done: { ...answer.done, now: presentOf(card) } }, 200)
}

const answered = (reply: DecisionReply, status: number) => Response.json(reply, { status })

type Done = { words: string; leaves: boolean; count: number; undo: Undoing | null }

async function decided(
  here: Installation,
  person: Person,
  id: CommentId,
  { what, ...typed }: Decision,
): Promise<Answer<Done>> {
  const { revision, note, reason } = typed
  const until = typed.copies === 'all' ? (typed.until ?? here.now()) : null
  const back = { what: 'reopening', copies: until !== null } as const
  switch (what) {
    case 'keeping': {
      if (!until)
        return told(await keepComment(here, person, id, { revision, note }), () => ({
          words: 'You kept',
          leaves: true,
          undo: back,
        }))
      return told(await keepCopies(here, person, id, { revision, note, until }), ({ done, left }) => ({
        words: `You kept ${counted(done, left)}:`,
        count: done,
        leaves: true,
        undo: back,
      }))
    }
    case 'removal': {
      if (!until)
        return told(await hideComment(here, person, id, { revision, reason, note }), (outcome) => ({
          words: outcome === 'asked' ? 'You asked a second person about' : 'You hid',
          leaves: outcome === 'hidden',
          undo: back,
        }))
      return told(
        await hideCopies(here, person, id, { revision, reason, note, until }),
        ({ first, done, left }) => ({
          words: `${first === 'asked' ? 'You asked a second person about' : 'You hid'} ${counted(done, left)}:`,
          count: done,
          leaves: first === 'hidden',
          undo: back,
        }),
      )
    }
    case 'restoration':
      return told(await restoreComment(here, person, id, { revision, note }), () => ({
        words: 'You showed again',
        leaves: true,
        undo: back,
      }))
    case 'reopening': {
      const words = 'You took your decision back about'
      if (typed.copies !== 'all')
        return told(await reopenComment(here, person, id, { revision }), () => ({ words }))
      return told(await reopenTogether(here, person, id, { revision }), ({ done, left }) => ({
        words: `${words} ${counted(done, left)}:`,
        count: done,
      }))
    }
    case 'question':
      return told(
        await askColleague(here, person, id, { asked: parseId<'person'>(typed.asked), note }),
        ({ name }) => ({
          words: `You asked ${name ?? 'your colleagues'} about`,
          undo: { what: 'question-withdrawal', copies: false },
        }),
      )
    case 'question-withdrawal':
      return told(await withdrawQuestion(here, person, id), () => ({
        words: 'You took your question back about',
      }))
    case 'advice':
      return told(await advise(here, person, id, typed.advice), () => ({ words: 'You gave advice about' }))
    case 'escalation':
      return told(
        await escalate(here, person, id, { kind: typed.kind, note }),
        ({ escalation, receiver }) => ({
          words: `You told ${receiver} of`,
          undo: { what: 'escalation-withdrawal', copies: false, escalation },
        }),
      )
    case 'escalation-withdrawal':
      return told(await withdrawEscalation(here, person, typed.escalation), () => ({
        words: 'You took back that you passed on',
      }))
  }
}

function told<Value>(
  answer: Answer<Value>,
  of: (value: Value) => Partial<Done> & { words: string },
): Answer<Done> {
  if (!('done' in answer)) return answer
  return { done: { leaves: false, count: 1, undo: null, ...of(answer.done) } }
}

const counted = (done: number, left: number) =>
  `${done.toLocaleString('en-US')} identical comments${left > 0 ? ` (${left} others need a look of their own)` : ''}`

/** What a list has to know anew of a card that stays. */
const presentOf = ({ revision, state, decided, asked, question, escalations, copies }: Card) => ({
  revision,
  state,
  decided,
  asked,
  question,
  escalations,
  copies,
})
