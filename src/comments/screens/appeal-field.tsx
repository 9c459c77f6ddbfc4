import { data } from 'react-router'
import type { Denied } from '../../policy/policy.ts'
import { Field } from '../../web/components/field.tsx'
import { longestAppeal } from '../limits.ts'

/** Where an author says why; what they write is a public record, which they are told before. */
export function AppealField({
  kind = 'removal',
  typed,
  problem,
}: {
  kind?: 'removal' | 'block'
  typed: string | undefined
  problem: string | undefined
}) {
  return (
    <Field
      label={kind === 'removal' ? 'Why should the comment be shown again?' : 'Why should the block end?'}
      name="text"
      hint={`A sentence is enough; up to ${longestAppeal.toLocaleString('en-US')} characters. What you write here is a public record, so leave out what nobody should read.`}
      defaultValue={typed}
      problem={problem}
      multiline
      rows={5}
      required
    />
  )
}

/** A form that can't be taken as it is, with everything that was typed. */
export const appealRefused = ({ problems, typed }: Record<'problems' | 'typed', Record<string, string>>) =>
  data({ refusal: null as Denied | null, problems, typed }, { status: 422 })
