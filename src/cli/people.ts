import { clearFailures } from '../department/auth.ts'
import { invitationForm, invite, people } from '../department/department.ts'

/** `plainview people`: answers with the exit code; null when there is no such action. */
export async function onPeople(
  here: Parameters<typeof invite>[0],
  baseUrl: string,
  action: string,
  rest: string[],
): Promise<number | null> {
  if (action === 'list') {
    for (const person of await people(here.db))
      console.log(
        `${person.email}\t${person.name}\t${person.roles.join(', ')}${person.designee ? ', designee' : ''}`,
      )
    return 0
  }
  if (action === 'unlock') {
    const person = (await people(here.db)).find((one) => one.email === rest[0]?.toLowerCase())
    if (!person) {
      console.error(`Nobody here has the address ${rest[0] ?? ''}.`)
      return 1
    }
    await clearFailures(here.db, person.id)
    console.log(`${person.name} can sign in again.`)
    return 0
  }
  if (action === 'add') {
    const [name = '', email = '', ...roles] = rest
    const read = invitationForm.safeParse({ name, email, title: '', roles })
    if (!read.success) {
      for (const issue of read.error.issues) console.error(`${issue.path.join('.')}: ${issue.message}`)
      return 2
    }
    const answer = await invite(here, null, read.data)
    if ('done' in answer) console.log(`${baseUrl}/invitation/${answer.done}`)
    else console.error('denied' in answer ? answer.denied.because : Object.values(answer.problems).join(' '))
    return 'done' in answer ? 0 : 1
  }
  return null
}
