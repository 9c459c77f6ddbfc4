import { access, constants, stat } from 'node:fs/promises'
import path from 'node:path'
import { type Import, importById, isOpen, newImportId, recordsIn, startImport } from '../imports/imports.ts'
import { allPages } from '../pages/pages.ts'
import type { Policy } from '../policy/policy.ts'
import type { Db } from '../storage/database.ts'

interface Here {
  db: Db
  policy: Policy
  now(): Date
}

/** `plainview import FILE --page PAGE`: puts it on the list of the running server and says how it goes. */
export async function importFile(here: Here, words: readonly string[]): Promise<number> {
  const at = words.indexOf('--page')
  const wanted = at === -1 ? undefined : words[at + 1]
  const file = words.find((word, n) => !word.startsWith('--') && (at === -1 || n !== at + 1))
  if (!file || !wanted) {
    console.error('Say which file or folder, and to which page: plainview import FILE --page "Town square"')
    return 2
  }
  const page = await pageCalled(here.db, wanted)
  if (!page) return 1
  const place = path.resolve(process.env.INIT_CWD ?? '', file)
  const found = await stat(place).catch(() => null)
  if (!found) {
    console.error(`There is no ${place}.`)
    return 1
  }
  await access(place, constants.R_OK)
  const answer = await startImport(
    here,
    { kind: 'system' },
    {
      id: newImportId(),
      page,
      fileName: path.basename(place),
      place,
      uploaded: false,
      bytes: found.isDirectory() ? 0 : found.size,
      sha256: null,
    },
  )
  if (!('done' in answer)) {
    console.error('denied' in answer ? answer.denied.because : Object.values(answer.problems).join(' '))
    return 1
  }
  console.log(
    `Import ${answer.done} is on the list. Leave the file where it is until it ends. Ctrl-C stops watching, not the import.`,
  )
  return watch(here.db, answer.done)
}

async function pageCalled(db: Db, wanted: string) {
  const pages = await allPages(db)
  const found = pages.filter(
    ({ id, slug, title, address }) =>
      [id, slug, address].includes(wanted as never) || title.toLowerCase() === wanted.toLowerCase(),
  )
  if (found.length === 1) return found[0]?.id ?? null
  console.error(
    found.length > 1
      ? `Several pages are called “${wanted}”. Give the address or the id of the right one:`
      : `No page is called “${wanted}”. These are registered:`,
  )
  for (const { id, title, address } of found.length > 1 ? found : pages)
    console.error(`  ${id}  ${title}  ${address}`)
  return null
}

async function watch(db: Db, id: Import['id']): Promise<number> {
  let said = ''
  while (true) {
    const found = await importById(db, id)
    if (!found) return 1
    if (!isOpen(found)) return report(found)
    const line =
      found.state === 'waiting'
        ? (found.trouble ?? 'Waiting, or taking the checksum …')
        : `${found.what}: part ${Math.min(found.position.part + 1, found.parts)} of ${found.parts}, ${recordsIn(found.tally)} records${found.trouble ? `. ${found.trouble}` : ''}`
    if (line !== said) console.log(line)
    said = line
    await new Promise((resolve) => setTimeout(resolve, 1000))
  }
}

function report({ tally, firstPosted, lastPosted, remarks, state, refusedBecause }: Import): number {
  console.log(
    `${tally.added.post} posts, ${tally.added.comment} comments and ${tally.added.capture} captures added; ${tally.changed} changed; ${tally.known} known already; ${tally.media.kept} files kept, ${tally.media.missing} not in the export.`,
  )
  if (firstPosted && lastPosted)
    console.log(`Posted between ${firstPosted.toISOString()} and ${lastPosted.toISOString()}.`)
  if (remarks > 0) console.log(`${remarks} things were not taken over; Records, Imports shows them.`)
  if (state === 'refused') console.error(`STOPPED: ${refusedBecause}`)
  if (state === 'cancelled') console.error('Cancelled.')
  return state === 'finished' ? 0 : 1
}
