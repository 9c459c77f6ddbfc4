import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import { type Person, whoIs } from '../department/department.ts'
import { newImportId, startImport } from '../imports/imports.ts'
import type { Installation } from '../installation.ts'
import { approvePage, registerPage } from '../pages/pages.ts'
import { done } from './done.ts'
import { department } from './people.ts'

const handle = 'WexfordFallsPD'

/** What the department wrote where it no longer writes: the day, the time in UTC, the words. */
const tweets: readonly [at: string, text: string][] = [
  ['2019-02-04T14:10:00Z', 'We are on Twitter now. News only; for help call 911 or the station.'],
  ['2019-02-12T21:30:00Z', 'Parking ban from 6 p.m. today until 7 a.m. Cars on the street will be towed.'],
  [
    '2019-03-19T13:05:00Z',
    'Mill Street is under water between the bridge and the mill. Please go by Old Post Road.',
  ],
  [
    '2019-05-11T15:00:00Z',
    'Bike rodeo at the middle school, ten to noon. Free helmets as long as they last.',
  ],
  ['2019-07-04T23:20:00Z', 'Common Street is closed for the fireworks until eleven.'],
  [
    '2019-10-31T20:45:00Z',
    'Porch lights on, phones down, drive slowly: trick-or-treaters are out until eight.',
  ],
  [
    '2020-03-16T16:00:00Z',
    'The lobby is closed. Call us for reports and permits; most can be had by e-mail.',
  ],
  [
    '2020-04-02T18:15:00Z',
    'Nobody from the town asks you for money or a password on the telephone. Hang up.',
  ],
  ['2020-08-05T01:40:00Z', 'Power is out north of the river. Treat dark signals as four-way stops.'],
  [
    '2020-12-17T11:25:00Z',
    'Fourteen inches and counting. Plows need the street: no parking until further notice.',
  ],
  [
    '2021-01-29T17:00:00Z',
    'Officer Hannah Brandt joins our community policing. Say hello at the library on Tuesday.',
  ],
  ['2021-06-21T19:30:00Z', 'Quarry Lane: a tree is down across both lanes. DPW is on the way.'],
  ['2021-07-23T02:10:00Z', 'Tannery Bridge is closed. A truck struck the rail, nobody is hurt.'],
  ['2021-09-02T09:55:00Z', 'Flash flood warning until noon. Do not drive through water on Mill Street.'],
  ['2021-11-24T15:20:00Z', 'A police detail will be at the game on Thursday. Park at the high school.'],
  ['2022-01-07T22:05:00Z', 'Parking ban is lifted. Thank you for your patience.'],
  ['2022-04-30T12:30:00Z', 'Drug take-back today, ten to two, in the lobby. No questions asked.'],
  ['2022-06-14T16:45:00Z', 'A brown dog without a collar waits for its people at the station. It likes ham.'],
  ['2022-08-19T20:00:00Z', 'Meet us at the farmers’ market on Saturday: bike registration and stickers.'],
  ['2022-10-11T13:15:00Z', 'Detours around the water main on Common Street will last until Friday.'],
  ['2022-12-23T18:50:00Z', 'Wind takes down wires on Ashby Hill. Stay away from any of them and call 911.'],
  ['2023-03-14T10:20:00Z', 'Nor’easter: schools are closed, so is the lobby. Dispatch is here as always.'],
  ['2023-05-22T17:35:00Z', 'The bridge on Mill Street opens again at six. Thanks to everybody who waited.'],
  ['2023-06-30T16:00:00Z', 'This account ends today. You find our news on the town’s own site from now on.'],
]

/** A page that the department gave up, and the archive that its platform sent: its history becomes part of the records. */
export async function bringHistory(
  here: Installation,
  staff: Record<'pio' | 'chief' | 'records', Person>,
  work: () => Promise<void>,
): Promise<void> {
  const page = done(
    await registerPage(
      here,
      staff.pio,
      'former',
      {
        title: 'Twitter, 2019 to 2023',
        address: `https://x.com/${handle}`,
        slug: '',
        purpose: 'Short news, until the department gave the account up.',
        scope: '',
        audiences: 'residents',
        website: department.website,
        contact: 'The station’s front desk, 555-0100',
        comment_policy: 'off',
        comment_topic: '',
        author_line: 'none',
      },
      [staff.pio.id],
    ),
  )
  const reasons = 'For its history alone: nothing is posted there any more.'
  done(await approvePage(here, staff.chief, page, { revision: 1, reasons }))
  const folder = await mkdtemp(path.join(tmpdir(), 'plainview-history-'))
  const file = path.join(folder, 'twitter-archive.zip')
  await writeArchive(file)
  const id = newImportId()
  done(
    await startImport(here, whoIs(staff.records), {
      id,
      page,
      fileName: path.basename(file),
      place: file,
      uploaded: false,
      bytes: 0,
      sha256: null,
    }),
  )
  await work()
  await rm(folder, { recursive: true })
}

/** An archive as the platform hands it out, private messages included: these are not taken over. */
async function writeArchive(file: string) {
  const zip = new ZipFile()
  const add = (name: string, list: unknown[]) =>
    zip.addBuffer(
      Buffer.from(`window.YTD.${name.replaceAll('-', '_')}.part0 = ${JSON.stringify(list, null, 2)}`),
      `data/${name}.js`,
    )
  add('account', [{ account: { username: handle, accountDisplayName: department.name } }])
  add(
    'tweets',
    tweets.map(([at, text]) => ({
      tweet: { id_str: numberOf(at), created_at: asTwitterSays(at), full_text: text, entities: {} },
    })),
  )
  add('direct-messages', [{ dmConversation: { conversationId: '1-2', messages: [] } }])
  add('ad-engagements', [])
  zip.end()
  await pipeline(zip.outputStream, createWriteStream(file))
}

/** The platform's numbers count milliseconds since November 2010, with 22 bits behind them. */
const numberOf = (at: string) => String((BigInt(Date.parse(at)) - 1_288_834_974_657n) << 22n)

/** `Mon Feb 04 14:10:00 +0000 2019` */
function asTwitterSays(at: string): string {
  const [day, date, month, year, time] = new Date(at).toUTCString().replace(',', '').split(' ')
  return `${day} ${month} ${date} ${time} +0000 ${year}`
}
