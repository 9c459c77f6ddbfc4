import { append, keyAt } from '../archive/archive.ts'
import { type Answer, departmentProfile, type Person, timeZoneOf, whoIs } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import { newId } from '../storage/ids.ts'
import { certificatePdf } from './certificate-pdf.ts'
import {
  type CertificateId,
  insertCertificate,
  productionProof,
  renditionCounts,
} from './certificate-store.ts'
import type { CertificateFacts } from './certificate-wording.ts'
import { considerRequest } from './consideration.ts'
import * as store from './store.ts'

const longestName = 120

/**
 * Prepares a certificate for a court (FRE 902(11), (13), (14)) that a production is genuine, for `custodian` to sign.
 * The PDF follows from the facts alone, so that its hash, which is recorded, stays checkable.
 */
export async function prepareCertificate(
  installation: Installation,
  person: Person,
  id: store.ProductionId,
  typed: { custodian: string; title: string },
  version: string,
): Promise<Answer<CertificateId>> {
  const { db, blobs, policy, now } = installation
  const production = await store.productionById(db, id)
  if (!production) return { problems: { form: 'This production does not exist.' } }
  const decision = await considerRequest(installation, whoIs(person), 'request.certify', production.request)
  if (!decision.allowed) return { denied: decision }
  const custodian = typed.custodian.replace(/\s+/g, ' ').trim()
  const title = typed.title.replace(/\s+/g, ' ').trim()
  const wrong = {
    ...nameProblem('custodian', custodian, 'Enter the name of the person who will sign.'),
    ...nameProblem(
      'title',
      title,
      'Enter the title under which that person signs, like “Records Access Officer”.',
    ),
  }
  if (Object.keys(wrong).length > 0) return { problems: wrong }
  const facts = await factsOf(installation, production, { custodian, title, version })
  if (typeof facts === 'string') return { problems: { form: facts } }
  // Files first: one that nothing names is harmless, a certificate without its file is not.
  const blob = await blobs.put(await certificatePdf(policy.certificate, facts), 'application/pdf')
  const at = now()
  const certificate = newId<'certificate'>()
  await db.transaction().execute(async (tx) => {
    const { sha256 } = blob
    await insertCertificate(tx, {
      id: certificate,
      production: id,
      custodian,
      title,
      sha256,
      by: person.id,
      at,
    })
    await append(tx, {
      kind: 'request.certificate',
      subject: { kind: 'request', id: production.request },
      by: whoIs(person),
      decision,
      content: {
        certificate,
        number: facts.request,
        production: id,
        custodian,
        title,
        sha256,
        treeSize: facts.log.treeSize,
      },
      words: facts.request,
      blobs: [{ ...blob, role: 'certificate' }],
      at,
    })
  })
  return { done: certificate }
}

const nameProblem = (name: string, value: string, missing: string) =>
  value === ''
    ? { [name]: missing }
    : value.length > longestName
      ? { [name]: `This is too long: at most ${longestName} characters.` }
      : {}

async function factsOf(
  { db, logKey }: Installation,
  production: store.Production,
  typed: { custodian: string; title: string; version: string },
): Promise<CertificateFacts | string> {
  const { bag } = production
  if (!bag) return 'This production isn’t ready yet. Wait until it is, then prepare its certificate.'
  const [profile, request, proof, counts] = await Promise.all([
    departmentProfile(db),
    store.requestById(db, production.request),
    productionProof(db, production.id),
    renditionCounts(db, production.id),
  ])
  if (!request || !proof)
    return 'It is not known which state of the log this production is proven against, because it was made by an older version. Produce the records again.'
  const { checkpoint, timestamp } = proof
  return {
    ...typed,
    ...counts,
    department: profile?.name ?? 'department',
    contact: profile
      ? [profile.contactAddress, profile.contactPhone, profile.contactEmail].filter((one) => one !== '')
      : [],
    zone: timeZoneOf(profile),
    request: request.number,
    production: production.id,
    records: production.records,
    producedAt: bag.finishedAt,
    file: `records-request-${request.number}.tar`,
    bytes: bag.bytes,
    sha256: bag.sha256,
    log: {
      origin: checkpoint.note.slice(0, checkpoint.note.indexOf('\n')),
      key: (await keyAt(db, checkpoint.treeSize)) ?? logKey.verifier,
      treeSize: checkpoint.treeSize,
      root: checkpoint.root.toString('base64'),
      signedAt: checkpoint.signedAt,
    },
    timestamp,
  }
}
