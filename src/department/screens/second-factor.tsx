import { data, Form, redirect } from 'react-router'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { installation } from '../../web/context.ts'
import { formOf } from '../../web/form.ts'
import type { Route } from './+types/second-factor'
import { goWith } from './go.ts'
import { Narrow } from './narrow.tsx'
import { PasskeyRegistration } from './passkey-buttons.tsx'

async function whoAsks({ context, request }: Pick<Route.LoaderArgs, 'context' | 'request'>) {
  const found = await installation(context).auth.signedIn(request.headers)
  if (!found) throw redirect('/sign-in?to=/second-factor')
  return found
}

export async function loader(args: Route.LoaderArgs) {
  return { set: (await whoAsks(args)).secondFactor }
}

export async function action({ context, request }: Route.ActionArgs) {
  await whoAsks({ context, request })
  const { auth } = installation(context)
  const form = await formOf(request)
  const text = (name: string) => String(form.get(name) ?? '')
  if (form.get('intent') === 'begin') {
    const begun = await auth.beginCodes(text('password'), request.headers)
    if (!begun)
      return data(
        { ...(await shown('')), problems: { password: 'This is not your password.' } },
        { status: 403 },
      )
    return { ...(await shown(begun.uri)), backupCodes: begun.backupCodes, problems: {} }
  }
  const answer = await auth.confirmCodes(text('code'), request.headers)
  if (answer.outcome === 'in') throw goWith(answer.cookies, '/console')
  const because = answer.outcome === 'refused' ? answer.because : ''
  return data({ ...(await shown(text('uri'))), problems: { code: because } }, { status: 403 })
}

/** The picture of a code app's address. It travels with the form, so that a mistyped code does not begin anew. */
async function shown(uri: string) {
  const good = uri.startsWith('otpauth://totp/') && uri.length < 500
  const { default: QRCode } = await import('qrcode')
  return {
    uri: good ? uri : '',
    secret: good ? (new URL(uri).searchParams.get('secret') ?? '') : '',
    picture: good ? await QRCode.toDataURL(uri, { margin: 2, scale: 6 }) : '',
    backupCodes: [] as string[],
  }
}

export default function SecondFactor({ loaderData, actionData }: Route.ComponentProps) {
  const problems: Record<string, string> = actionData?.problems ?? {}
  return (
    <Narrow
      title="A second step for signing in"
      lead={
        loaderData.set
          ? 'You have one. Setting up a code app anew replaces the old one.'
          : 'A password alone is not enough here. Choose a passkey or a code app.'
      }
    >
      <ErrorSummary problems={problems} />
      {!actionData?.uri && (
        <>
          <h2>A passkey</h2>
          <p>Your fingerprint, face or device PIN. Nothing to type.</p>
          <PasskeyRegistration to="/console" />
          <h2>A code app</h2>
          <Form method="post" className="usa-form">
            <input type="hidden" name="intent" value="begin" />
            <Field
              label="Your password, once more"
              type="password"
              name="password"
              autoComplete="current-password"
              problem={problems.password}
              required
            />
            <button className="usa-button" type="submit">
              Show the code to scan
            </button>
          </Form>
        </>
      )}
      {actionData?.uri && (
        <Form method="post" className="usa-form usa-form--large">
          <input type="hidden" name="intent" value="confirm" />
          <input type="hidden" name="uri" value={actionData.uri} />
          <p>Scan this with your code app, or type the key below it.</p>
          <img src={actionData.picture} alt="Code to scan with a code app" width={260} height={260} />
          <p>
            <code>{actionData.secret}</code>
          </p>
          {actionData.backupCodes.length > 0 && (
            <div className="usa-alert usa-alert--info">
              <div className="usa-alert__body">
                <h3 className="usa-alert__heading">Keep these backup codes</h3>
                <p className="usa-alert__text">
                  Each works once, when the app is out of reach. They are not shown again.
                </p>
                <ul className="usa-list">
                  {actionData.backupCodes.map((code) => (
                    <li key={code}>
                      <code>{code}</code>
                    </li>
                  ))}
                </ul>
              </div>
            </div>
          )}
          <Field
            label="The six digits it shows now"
            name="code"
            inputMode="numeric"
            autoComplete="one-time-code"
            problem={problems.code}
            required
          />
          <button className="usa-button" type="submit">
            Finish
          </button>
        </Form>
      )}
    </Narrow>
  )
}
