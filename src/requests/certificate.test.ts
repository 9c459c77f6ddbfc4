import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sentences, testDesk, value } from '../../test/desk.ts'
import { readRecord, recordsAbout } from '../archive/archive.ts'
import { loadPolicy } from '../policy/policy.ts'
import type { RecordId } from '../storage/ids.ts'
import { prepareCertificate } from './certificate.ts'
import { certificatePdf } from './certificate-pdf.ts'
import { certificatesOf, productionProof } from './certificate-store.ts'
import { type CertificateFacts, wordCertificate } from './certificate-wording.ts'
import { collect } from './collection.ts'
import { productionsOf } from './store.ts'

const { certificate: wording } = await loadPolicy('policy/4.37')
const facts: CertificateFacts = {
  custodian: 'Łukasz Δημήτριος Ibáñez',
  title: 'Records Access Officer',
  department: 'Millbrook Police Department',
  contact: ['1 Main Street, Millbrook', '413 555 0100'],
  request: '2026-017',
  production: '0199aaaa-0000-7000-8000-000000000001',
  records: 1200,
  redacted: 2,
  withheld: 0,
  producedAt: new Date('2026-11-25T12:00:00Z'),
  zone: 'America/New_York',
  version: '0.1.0',
  file: 'records-request-2026-017.tar',
  bytes: 123456,
  sha256: 'ab12'.repeat(16),
  log: {
    origin: 'millbrook.example/log',
    key: 'millbrook.example/log+12345678+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k',
    treeSize: 5000,
    root: 'duZ9rbzfHhDht03cYIq9L5jfsW+851J3tSMqEn8gh+8=',
    signedAt: new Date('2026-11-25T11:00:00Z'),
  },
  timestamp: { at: new Date('2026-11-25T11:30:00Z'), signer: 'Test Clock', treeSize: 5100 },
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'plainview-certificate-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** The text of a PDF as Poppler extracts it, in one line. */
async function extracted(pdf: Buffer) {
  const file = path.join(folder, 'certificate.pdf')
  await writeFile(file, pdf)
  const { stdout } = await promisify(execFile)('pdftotext', ['-enc', 'UTF-8', file, '-'])
  return stdout.replace(/\s+/g, ' ')
}
const said = (change: Partial<CertificateFacts> = {}) =>
  wordCertificate(wording, { ...facts, ...change })
    .map((part) => part.text)
    .join('\n')

test('a certificate says what each of the rules asks for', () => {
  const all = said()
  // 803(6)(A) to (C): near the time, with knowledge; regularly conducted activity; regular practice.
  expect(all).toMatch(/at or near the time/)
  expect(all).toMatch(/a person with knowledge/)
  expect(all).toMatch(/kept in the course of a regularly conducted activity/)
  expect(all).toMatch(/regular practice/)
  // 902(13): the process, and why its result is accurate. 902(14): identification of the copy by its hash.
  expect(all).toMatch(/Rule 902\(13\)[\s\S]*one database transaction[\s\S]*Merkle tree/)
  expect(all).toMatch(new RegExp(`Rule 902\\(14\\)[\\s\\S]*${facts.sha256}`))
  // 28 U.S.C. § 1746.
  expect(all).toMatch(/I declare under penalty of perjury under the laws of the United States of America/)
  for (const fact of [
    facts.custodian,
    facts.request,
    facts.log.root,
    facts.log.key,
    '123,456',
    '1,200 records',
  ])
    expect(all).toContain(fact)
  expect(all).not.toMatch(/[{}]|undefined|NaN/)
})
test('it claims no redaction, withholding or timestamp that there was not', () => {
  expect(said()).toMatch(/2 of them are redacted/)
  expect(said()).not.toMatch(/withheld as a whole/)
  expect(said({ redacted: 0 })).not.toMatch(/redacted copies/)
  expect(said({ withheld: 3 })).toMatch(/3 of them are withheld as a whole/)
  expect(said()).toMatch(/Test Clock, on November 25, 2026/)
  expect(said({ timestamp: null })).not.toMatch(/Test Clock/)
  expect(said({ timestamp: null })).toMatch(/no time authority outside the department had confirmed/)
})
test('the PDF holds it as text that others can extract, with a place to sign', async () => {
  const all = await extracted(await certificatePdf(wording, facts))
  for (const part of [facts.custodian, facts.sha256, 'Signature:', 'Executed on (date):', 'page 2 of 2'])
    expect(all).toContain(part)
})
test('the same facts give the same file, other facts another', async () => {
  const sum = async (change: Partial<CertificateFacts> = {}) =>
    createHash('sha256')
      .update(await certificatePdf(wording, { ...facts, ...change }))
      .digest('hex')
  expect(await sum()).toBe(await sum())
  expect(await sum({ records: 1201 })).not.toBe(await sum())
})
test('it is tagged, titled and in a language, for those who hear it', async () => {
  const pdf = (await certificatePdf(wording, facts)).toString('latin1')
  expect(pdf).toMatch(/\/MarkInfo/)
  expect(pdf).toMatch(/\/Lang \(en-US\)/)
  expect(pdf).toMatch(/\/DisplayDocTitle true/)
  for (const tag of ['H1', 'H2', 'P']) expect(pdf).toContain(`/S /${tag}`)
})
test('a name in any script is printed, and a sign that no font has is given by its number, never left out', async () => {
  const all = await extracted(
    await certificatePdf(wording, { ...facts, custodian: 'Wang 王小明 ☃ \u{20BB7}' }),
  )
  expect(all).toMatch(/Wang ?王小明 ?☃ ?\[U\+20BB7\]/)
})
test('a long name and a long address still leave the signature in one piece', async () => {
  const contact = Array.from({ length: 8 }, (_, n) => `Line ${n} of an address`)
  const pdf = await certificatePdf(wording, {
    ...facts,
    custodian: 'A'.repeat(120),
    title: 'B'.repeat(120),
    contact,
  })
  expect(await extracted(pdf)).toMatch(/Executed on.*At \(city.*Signature:.*Line 7 of an address/)
})

test('a production is certified by those whom the policy names; the PDF is kept, and its hash recorded', async () => {
  const desk = await testDesk()
  const { here, officer, member } = desk
  const id = await desk.request()
  value(await collect(here, officer, id, [await desk.record({ words: 'The bridge is closed' })]))
  await desk.releaseTheRest(id)
  await desk.produced(id)
  const [production] = await productionsOf(here.db, id)
  if (!production?.bag) throw new Error('Nothing was produced.')
  const typed = { custodian: '  Dana \n Whitfield ', title: 'Records Access Officer' }

  expect(await prepareCertificate(here, member, production.id, typed, '0.1.0')).toMatchObject({
    denied: { rules: ['certify-production'] },
  })
  expect(
    sentences(
      await prepareCertificate(
        here,
        officer,
        production.id,
        { custodian: ' ', title: 'x'.repeat(200) },
        '0.1.0',
      ),
    ),
  ).toEqual({
    custodian: expect.stringContaining('Enter the name'),
    title: expect.stringContaining('too long'),
  })
  const certificate = value(await prepareCertificate(here, officer, production.id, typed, '0.1.0'))
  const kept = await certificatesOf(here.db, production.id)
  expect(kept).toMatchObject([{ id: certificate, custodian: 'Dana Whitfield' }])
  const pdf = await buffer(await here.blobs.read(kept[0]?.sha256 ?? ''))
  // Hashes are broken over lines where they are longer than one.
  const all = (await extracted(pdf)).replace(/\s+/g, '')
  const proof = await productionProof(here.db, production.id)
  for (const part of [
    production.bag.sha256,
    proof?.checkpoint.root.toString('base64') ?? 'no root',
    'Dana Whitfield',
    'no time authority',
  ])
    expect(all).toContain(part.replace(/\s+/g, ''))

  const timeline = await recordsAbout(here.db, { kind: 'request', id })
  const record = timeline.find(({ kind }) => kind === 'request.certificate')
  expect((await readRecord(here.db, record?.id as RecordId))?.content).toMatchObject({
    production: production.id,
    sha256: createHash('sha256').update(pdf).digest('hex'),
  })
})
