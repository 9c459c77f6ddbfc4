import type { RouterContextProvider } from 'react-router'
import { whoIs } from '../department/department.ts'
import type { ActionName, What } from '../policy/policy.ts'
import { installation, signedIn } from './context.ts'

type Context = Readonly<RouterContextProvider>

/**
 * Whether the policy lets the signed-in person take an action on this, so that a screen leads nobody to a refusal. It
 * decides about what is offered alone: whoever carries the action out asks the policy again, and records its answer.
 */
export const isOpen = (context: Context, what: What, action: ActionName): boolean =>
  installation(context).policy.decide(whoIs(signedIn(context)), action, what).allowed

/** Which of several actions are open so. */
export const openTo = <Action extends ActionName>(
  context: Context,
  what: What,
  actions: readonly Action[],
): Action[] => actions.filter((action) => isOpen(context, what, action))
