import type { CertificateWording } from '../policy/policy.ts'

/** Everything that a certificate about one production states. */
export interface CertificateFacts {
  custodian: string
  title: string
  department: string
  /** Where the custodian can be reached: address, telephone, e-mail. */
  contact: readonly string[]
  request: string
  production: string
  records: number
  redacted: number
  withheld: number
  producedAt: Date
  /** An IANA name; times are given in it and in UTC. */
  zone: string
  version: string
  file: string
  bytes: number
  sha256: string
  log: { origin: string; key: string; treeSize: number; root: string; signedAt: Date }
  timestamp: { at: Date; signer: string; treeSize: number } | null
}

/** One part of a certificate, as it is laid out. */
export type CertificatePart = { kind: 'heading' | 'text' | 'code' | 'choice'; text: string }

/** The certificate in words: the pack's wording with the facts in it. */
export function wordCertificate(wording: CertificateWording, facts: CertificateFacts): CertificatePart[] {
  const said = sayings(facts)
  const fill = (text: string) => text.replace(/\{([^}]*)\}/g, (_, name: keyof typeof said) => said[name])
  const holds = {
    redacted: facts.redacted > 0,
    withheld: facts.withheld > 0,
    timestamped: facts.timestamp !== null,
    untimestamped: facts.timestamp === null,
  }
  return wording.sections.flatMap(({ heading, paragraphs }): CertificatePart[] => [
    { kind: 'heading', text: fill(heading) },
    ...paragraphs.flatMap((one): CertificatePart[] => {
      if ('code' in one) return [{ kind: 'code', text: fill(one.code) }]
      if ('choice' in one) return [{ kind: 'choice', text: fill(one.choice) }]
      return one.when && !holds[one.when] ? [] : [{ kind: 'text', text: fill(one.text) }]
    }),
  ])
}

function sayings(facts: CertificateFacts) {
  const { log, timestamp } = facts
  const count = (n: number) => n.toLocaleString('en-US')
  const moment = (at: Date) =>
    `${at.toLocaleString('en-US', { timeZone: facts.zone, dateStyle: 'long', timeStyle: 'long' })} (${at.toISOString()})`
  return {
    custodian: facts.custodian,
    title: facts.title,
    department: facts.department,
    records: `${count(facts.records)} ${facts.records === 1 ? 'record' : 'records'}`,
    redacted: count(facts.redacted),
    withheld: count(facts.withheld),
    produced: moment(facts.producedAt),
    request: facts.request,
    production: facts.production,
    version: facts.version,
    origin: log.origin,
    size: count(log.treeSize),
    root: log.root,
    signed: moment(log.signedAt),
    key: log.key,
    timestamp: timestamp
      ? `${timestamp.signer}, on ${moment(timestamp.at)}, over the log of ${count(timestamp.treeSize)} records`
      : '',
    file: facts.file,
    bytes: count(facts.bytes),
    sha256: facts.sha256,
  }
}
