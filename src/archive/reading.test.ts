import pg from 'pg'
import sharp from 'sharp'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { testInstallation } from '../../test/installation.ts'
import { switchReading } from '../department/department.ts'
import { newId, type RecordId } from '../storage/ids.ts'
import { append, searchRecords } from './archive.ts'
import { wordsOfCaptions } from './captions.ts'
import { facetsOf } from './facets.ts'
import { foundByReading, hitsIn } from './hits.ts'
import { languageOf } from './language.ts'
import { sequence } from './log.ts'
import { readFiles, tellLanguages } from './reading.job.ts'
import { filesWaiting, readingProgress, readingsOf, takeFile } from './reading-store.ts'

const here = await testInstallation()
const { db, blobs, policy, logKey } = here
const someone = (role: 'moderator' | 'information-services') =>
  ({ kind: 'person', id: newId<'person'>(), name: 'Sam', roles: [role], designee: false }) as const

async function record(words: string, files: { content: Uint8Array; mediaType: string }[] = []) {
  const kept = await Promise.all(
    files.map(async ({ content, mediaType }) => ({
      ...(await blobs.put(content, mediaType)),
      role: 'image',
    })),
  )
  const id = await db.transaction().execute((tx) =>
    append(tx, {
      kind: 'comment.capture',
      subject: { kind: 'comment', id: newId() },
      by: { kind: 'visitor' },
      content: { text: words },
      words,
      blobs: kept,
      at: new Date(),
    }),
  )
  return { id, files: kept.map(({ sha256 }) => sha256) }
}

/** A flyer, as somebody would photograph or draw it. */
const flyer = (...lines: string[]) =>
  sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="900" height="500"><rect width="900" height="500" fill="#fff"/>${lines
        .map(
          (line, n) =>
            `<text x="40" y="${110 + n * 90}" font-family="sans-serif" font-size="56">${line}</text>`,
        )
        .join('')}</svg>`,
    ),
  )
    .png()
    .toBuffer()

const found = async (words: string): Promise<RecordId[]> =>
  (await searchRecords(db, { words })).records.map(({ id }) => id)
const reading = (words: string) => ({ read: async () => words, close: async () => {} })

describe('the writing in a picture', () => {
  test('is read by machine, found by a search, and no part of the record', async () => {
    const content = await flyer('MISSING PARROT', 'Answers to Bartholomew')
    const { id, files } = await record('Please share', [{ content, mediaType: 'image/png' }])
    expect(await found('Bartholomew')).toEqual([])

    await readFiles(here)
    expect(await found('parrot Bartholomew')).toEqual([id])
    expect([...(await readingsOf(db, id))]).toEqual([[files[0], expect.stringMatching(/MISSING PARROT/)]])
    expect((await hitsIn(db, [id], 'parrot')).get(id)).toContainEqual({ text: 'PARROT', hit: true })
    expect(await foundByReading(db, [id], 'parrot please')).toEqual(new Set([id]))
    expect(await foundByReading(db, [id], 'please')).toEqual(new Set())
    const row = await db
      .selectFrom('record')
      .select(['words', 'json'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    expect(row.words).toBe('Please share')
    expect(row.json).not.toContain('Bartholomew')
  }, 60_000)

  test('is read in a tall screenshot from its first to its last line, each line once', async () => {
    const lines = Array.from({ length: 30 }, (_, n) => `Bulletin number ${1000 + n} from Cutler Street`)
    const tall = await sharp(
      Buffer.from(
        `<svg xmlns="http://www.w3.org/2000/svg" width="700" height="6400"><rect width="700" height="6400" fill="#fff"/>${lines
          .map(
            (line, n) =>
              `<text x="40" y="${90 + n * 216}" font-family="sans-serif" font-size="26">${line}</text>`,
          )
          .join('')}</svg>`,
      ),
    )
      .png()
      .toBuffer()
    const { id, files } = await record('Captured', [{ content: tall, mediaType: 'image/png' }])
    await readFiles(here)
    const said = (await readingsOf(db, id)).get(files[0] as string) ?? ''
    expect(said.match(/\b10\d\d\b/g)).toEqual(lines.map((_, n) => String(1000 + n)))
    expect(await found('bulletin 1029')).toEqual([id])
  }, 60_000)

  test('is read once, however many records have the picture', async () => {
    const content = await flyer('HARVEST SUPPER')
    const one = await record('First', [{ content, mediaType: 'image/png' }])
    const reader = { ...reading('HARVEST SUPPER'), read: vi.fn(async () => 'HARVEST SUPPER') }
    await readFiles(here, async () => reader)
    const other = await record('Second', [{ content, mediaType: 'image/png' }])
    await readFiles(here, async () => reader)
    expect(reader.read).toHaveBeenCalledTimes(1)
    expect((await found('harvest supper')).sort()).toEqual([one.id, other.id].sort())
  })

  test('of a file that no program can open is given up after three attempts, and the rest is read', async () => {
    await record('Broken', [{ content: Buffer.from('no picture at all'), mediaType: 'image/png' }])
    const good = await record('Whole', [{ content: await flyer('CIDER'), mediaType: 'image/png' }])
    const picky = {
      read: async (picture: Uint8Array) => {
        if (picture.length < 50) throw new Error('Not a picture')
        return 'CIDER PRESS'
      },
      close: async () => {},
    }
    let time = Date.now()
    for (let n = 0; n < 4; n++) {
      time += 3_600_000
      await readFiles({ ...here, now: () => new Date(time) }, async () => picky)
    }
    expect(await filesWaiting(db)).toBe(0)
    expect((await readingProgress(db)).failed).toBe(1)
    expect(await found('cider press')).toEqual([good.id])
  })

  test('of two processes is read by one, and by the other when the first died', async () => {
    await record('Taken', [{ content: await flyer('TAKEN'), mediaType: 'image/png' }])
    const now = new Date(Date.now() + 10_000)
    const until = new Date(now.getTime() + 60_000)
    expect(await takeFile(db, { now, until, pictures: true })).not.toBeNull()
    expect(await takeFile(db, { now, until, pictures: true })).toBeNull()
    const later = new Date(until.getTime() + 1)
    expect(await takeFile(db, { now: later, until: later, pictures: true })).not.toBeNull()
    await readFiles({ ...here, now: () => new Date(later.getTime() + 1) }, async () => reading(''))
  })

  test('is not read when information services switch it off, which is on record; nobody else may', async () => {
    expect(await switchReading(here, someone('moderator'), false)).toHaveProperty('denied')
    expect(await switchReading(here, someone('information-services'), false)).toEqual({ done: true })
    await record('Unread', [{ content: await flyer('UNREAD'), mediaType: 'image/png' }])
    await readFiles(here, async () => {
      throw new Error('No picture may be read.')
    })
    expect(await filesWaiting(db)).toBe(0)
    expect((await searchRecords(db, { kind: 'department.reading' })).records).toHaveLength(1)
    await switchReading(here, someone('information-services'), true)
    await readFiles(here, async () => reading('UNREAD LETTERS'))
    expect(await found('unread letters')).toHaveLength(1)
  })
})

describe('captions', () => {
  test.each([
    [
      'WebVTT',
      'WEBVTT\n\nSTYLE\n::cue { color: red }\n\nNOTE nobody says this\n\n1\n00:00:01.000 --> 00:00:02.000 align:start\n<v Chief Rivera>Cutler Street is closed.</v>\n\n00:03.000 --> 00:04.000\nUse <i>Mill</i> &amp; Dam Road.\n',
      'Cutler Street is closed.\nUse Mill & Dam Road.',
    ],
    [
      'SubRip',
      '\uFEFF1\r\n00:00:01,000 --> 00:00:02,000\r\n{\\an8}Stay home.\r\n\r\n2\r\n00:00:02,000 --> 00:00:03,000\r\nStay home.\r\nThank you.\r\n',
      'Stay home.\nThank you.',
    ],
    ['YouTube’s own', '0:00:01.000,0:00:02.000\nGood morning\n', 'Good morning'],
    ['no captions', 'A letter.\n\nIt says nothing at 12:30.', ''],
  ])('%s: what is said stands there, each line once', (_, file, said) => {
    expect(wordsOfCaptions(file)).toBe(said)
  })

  test('of a film are found by a search', async () => {
    const content = Buffer.from('WEBVTT\n\n00:01.000 --> 00:02.000\nThe weir is breached.\n')
    const { id } = await record('Film', [{ content, mediaType: 'text/vtt' }])
    await readFiles(here)
    expect(await found('weir breached')).toEqual([id])
  })
})

describe('the language of a text', () => {
  const likely = policy.languages.map(({ code }) => code)
  test.each([
    ['eng', 'When will the parking ban on Cutler Street finally be lifted?'],
    ['spa', '¿Cuándo van a abrir otra vez la calle principal? Muchas gracias a todos.'],
    ['por', 'Quando é que vão abrir a rua principal outra vez? Muito obrigado pela informação.'],
    ['hat', 'Mwen pa konprann poukisa lapolis la pa vin ede nou lè nou te rele yo yè swa.'],
    [null, 'OK, thanks!'],
    [null, '@wfpd https://example.org/a/b/c/d/e/f #WexfordFalls'],
  ])('%s', (language, text) => {
    expect(languageOf(text, likely)).toBe(language)
  })

  test('is a facet of a search', async () => {
    await record('El puente viejo está cerrado por la tormenta desde ayer por la noche.')
    await record('The old bridge is closed because of the storm since last night.')
    await sequence(db, logKey)
    await tellLanguages(here)
    const { language } = await facetsOf(db, { words: 'puente OR bridge' }, 'America/New_York')
    expect(language.map(({ value }) => value).sort()).toEqual(['eng', 'spa'])
    expect((await searchRecords(db, { language: 'spa' })).records.map(({ words }) => words)).toEqual([
      expect.stringMatching(/^El puente/),
    ])
  })
})

test('what a machine read in a file goes with the last record that had it', async () => {
  const { id, files } = await record('La reunión del pueblo será el jueves por la tarde en la biblioteca.', [
    { content: await flyer('GONE'), mediaType: 'image/png' },
  ])
  await readFiles(here, async () => reading('GONE FOREVER'))
  expect(await found('gone forever')).toEqual([id])
  const owner = new pg.Client({ connectionString: here.ownerUrl })
  await owner.connect()
  onTestFinished(() => owner.end())
  // As a disposition does it.
  await owner.query('delete from record_blob where record_id = $1', [id])
  const { rows } = await owner.query('select from file_reading where file = $1', [files[0]])
  expect(rows).toHaveLength(0)
})
