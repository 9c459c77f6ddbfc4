import { Link } from 'react-router'
import { whoIs } from '../../department/department.ts'
import { allPages } from '../../pages/pages.ts'
import { historyReaders } from '../../platforms/histories.ts'
import { answered } from '../../web/answered.ts'
import { EmptyState } from '../../web/components/empty-state.tsx'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { receiveUpload } from '../upload.ts'
import { uploads } from '../upload-store.ts'
import type { Route } from './+types/new'
import { mustSeeImports } from './found-import.ts'
import { UploadForm } from './upload-form.tsx'

export async function loader({ context, request }: Route.LoaderArgs) {
  mustSeeImports(context)
  const { db, platforms } = installation(context)
  const titles = new Map(platforms.all().map(({ kind, title }) => [kind, title]))
  const [pages, begun] = await Promise.all([allPages(db), uploads(db)])
  const unfinished = begun.map(({ id, page, fileName, bytes, modified }) => ({
    ...{ id: id as string, page: page as string, fileName, bytes },
    modified: modified?.getTime() ?? null,
  }))
  const wanted = new URL(request.url).searchParams.get('upload')
  return {
    unfinished,
    wanted: unfinished.find(({ id }) => id === wanted) ?? null,
    pages: pages.map(({ id, title, platform }) => ({
      value: id as string,
      label: `${title} (${titles.get(platform) ?? platform})`,
    })),
    formats: historyReaders.map(({ title }) => title),
  }
}

export async function action({ request, context }: Route.ActionArgs) {
  const answer = await receiveUpload(installation(context), whoIs(signedIn(context)), request)
  return answered(answer, (id) => `/console/imports/${id}`)
}

export default function NewImport({ loaderData, actionData }: Route.ComponentProps) {
  const { pages, formats, unfinished, wanted } = loaderData
  const problems = actionData?.problems ?? {}
  return (
    <>
      <PageHeading
        title="Import history"
        lead="Bring in the file that a platform gave you when you asked for the department’s data."
      />
      <ErrorSummary problems={problems} />
      {actionData?.refusal && <Refusal decision={actionData.refusal} />}
      {pages.length === 0 ? (
        <EmptyState title="No page is registered yet">
          <p>
            History belongs to a page. <Link to="/console/pages/new">Register the page</Link> first; for one
            that the department no longer has, choose the platform “Former page”.
          </p>
        </EmptyState>
      ) : (
        <UploadForm pages={pages} problems={problems} unfinished={unfinished} wanted={wanted} />
      )}
      <h2>What can be imported</h2>
      <ul className="usa-list">
        {formats.map((format) => (
          <li key={format}>{format}</li>
        ))}
      </ul>
      <p>
        Import each file whole and as you got it, without unpacking or renaming anything. What is in it is
        found out by its content. Private messages are never taken over. The file itself is deleted when the
        import ends, so keep your copy.
      </p>
      <p>
        A file or unpacked folder that is on the server already is imported there:{' '}
        <code>npx plainview import FILE --page PAGE</code>
      </p>
    </>
  )
}
