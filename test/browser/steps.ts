import { afterEach, beforeEach } from 'vitest'

/** Tests of one story: after the first that fails, the rest could only fail too, and are left out. */
export function inOrder() {
  let broken = ''
  beforeEach(({ skip }) => {
    if (broken) skip(`after “${broken}” failed`)
  })
  afterEach(({ task }) => {
    if (task.result?.state === 'fail') broken ||= task.name
  })
}
