import type { RouterContextProvider } from 'react-router'
import { whoIs } from '../department/department.ts'
import type { ActionName, What } from '../policy/policy.ts'
import { installation, signedIn } from './context.ts'

/**
 * Which of `actions` on this the policy lets the signed-in person take, so that a screen leads nobody to a refusal. It
 * decides about what is offered alone: whoever carries an action out asks the policy again, and records its answer.
 */
export function openTo<Action extends ActionName>(
  context: Readonly<RouterContextProvider>,
  what: What,
  actions: readonly Action[],
): Action[] {
  const who = whoIs(signedIn(context))
  return actions.filter((action) => installation(context).policy.decide(who, action, what).allowed)
}
