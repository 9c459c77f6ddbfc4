/** What an answer brought. In the demonstration nobody is refused, so everything else is a bug. */
export function done<Value>(answer: { done: Value } | object): Value {
  if ('done' in answer) return answer.done as Value
  throw new Error(`The demonstration could not go on: ${JSON.stringify(answer)}`)
}
