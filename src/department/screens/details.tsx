import { data, Form, redirect } from 'react-router'
import sharp from 'sharp'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { checkForm, formOf } from '../../web/form.ts'
import { departmentForm, departmentProfile, editDepartment } from '../department.ts'
import type { Route } from './+types/details'
import { DepartmentFields } from './department-fields.tsx'

export async function loader({ context }: Route.LoaderArgs) {
  const profile = await departmentProfile(installation(context).db)
  return {
    hasSeal: Boolean(profile?.sealBlob),
    values: {
      department: profile?.name ?? '',
      town: profile?.town ?? '',
      time_zone: profile?.timeZone ?? '',
      website: profile?.website ?? '',
      contact_phone: profile?.contactPhone ?? '',
      contact_email: profile?.contactEmail ?? '',
      contact_address: profile?.contactAddress ?? '',
    },
  }
}

const sealBytes = 5_000_000

export async function action({ context, request }: Route.ActionArgs) {
  const here = installation(context)
  const form = await formOf(request)
  const file = form.get('seal')
  form.delete('seal')
  const read = checkForm(form, departmentForm)
  if (!read.valid) return data({ refusal: null, problems: read.problems, typed: read.typed }, { status: 422 })
  let seal: string | undefined
  if (file instanceof File && file.size > 0) {
    const wrong = 'The seal has to be an image (PNG, JPEG, WebP) of at most 5 MB.'
    const image =
      file.size > sealBytes
        ? null
        : await sharp(Buffer.from(await file.arrayBuffer()), { limitInputPixels: 50_000_000 })
            .resize(400, 400, { fit: 'inside', withoutEnlargement: true })
            .png()
            .toBuffer()
            .catch(() => null)
    if (!image) return data({ refusal: null, problems: { seal: wrong }, typed: read.value }, { status: 422 })
    seal = (await here.blobs.put(image, 'image/png')).sha256
  }
  const answer = await editDepartment(here, signedIn(context), read.value, seal)
  if ('denied' in answer)
    return data({ refusal: answer.denied, problems: {}, typed: read.value }, { status: 403 })
  throw redirect('/console/department')
}

export default function Details({ loaderData, actionData }: Route.ComponentProps) {
  const problems: Record<string, string> = actionData?.problems ?? {}
  return (
    <>
      <PageHeading title="The department’s details" lead="As the public reads them on your pages." />
      {actionData?.refusal && <Refusal decision={actionData.refusal} />}
      <Form method="post" encType="multipart/form-data" className="usa-form usa-form--large">
        <ErrorSummary problems={problems} />
        <DepartmentFields values={{ ...loaderData.values, ...actionData?.typed }} problems={problems} />
        {loaderData.hasSeal && <img className="pv-seal" src="/seal" alt="The department’s seal" />}
        <Field
          label="Seal"
          type="file"
          name="seal"
          hint="PNG, JPEG or WebP."
          accept="image/*"
          problem={problems.seal}
        />
        <button className="usa-button" type="submit">
          Save
        </button>
      </Form>
    </>
  )
}
