import { passkeyClient } from '@better-auth/passkey/client'
import { createAuthClient } from 'better-auth/react'
import { useEffect, useState } from 'react'

const client = () => createAuthClient({ plugins: [passkeyClient()] })

/** Passkeys need a script and a browser that knows them; elsewhere nothing is shown. */
function usePasskeys(): boolean {
  const [here, setHere] = useState(false)
  useEffect(() => setHere('PublicKeyCredential' in window), [])
  return here
}

export function PasskeySignIn({ to }: { to: string }) {
  const [problem, setProblem] = useState('')
  if (!usePasskeys()) return null
  const enter = async () => {
    const { error } = await client().signIn.passkey()
    if (error) setProblem('The passkey did not work. Try again, or use your password.')
    else window.location.assign(to)
  }
  return (
    <div className="margin-top-3">
      <button className="usa-button usa-button--outline" type="button" onClick={enter}>
        Sign in with a passkey
      </button>
      <p role="status">{problem}</p>
    </div>
  )
}

export function PasskeyRegistration({ to }: { to: string }) {
  const [problem, setProblem] = useState('')
  if (!usePasskeys()) return null
  const add = async () => {
    const answer = await client().passkey.addPasskey({ name: 'Plainview' })
    if (answer?.error) setProblem('No passkey was made. Try again, or set up a code app.')
    else window.location.assign(to)
  }
  return (
    <div className="margin-top-3">
      <button className="usa-button usa-button--outline" type="button" onClick={add}>
        Make a passkey on this device
      </button>
      <p role="status">{problem}</p>
    </div>
  )
}
