import { createHash, randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import type * as asn1js from 'asn1js'
import type * as pkijs from 'pkijs'

/** Timestamps of RFC 3161: a request over some bytes, and what to make of the answer. No I/O. */

const oid = {
  sha256: '2.16.840.1.101.3.4.2.1',
  signedData: '1.2.840.113549.1.7.2',
  timestamp: '1.2.840.113549.1.9.16.1.4',
  contentType: '1.2.840.113549.1.9.3',
  signingCertificate: '1.2.840.113549.1.9.16.2.12',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  extendedKeyUsage: '2.5.29.37',
  forTimestamps: '1.3.6.1.5.5.7.3.8',
  commonName: '2.5.4.3',
  organization: '2.5.4.10',
}

const require = createRequire(import.meta.url)
/** Loaded with the first timestamp: 20 MB that most processes never need. */
const libraries = () => ({
  asn1js: require('asn1js') as typeof import('asn1js'),
  pkijs: require('pkijs') as typeof import('pkijs'),
})

const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest()

/** A request to timestamp `data`, in DER, and the nonce that the answer has to repeat. */
export function timestampRequest(data: Uint8Array): { der: Buffer; nonce: Buffer } {
  const { asn1js, pkijs } = libraries()
  const nonce = randomBytes(16)
  // A positive number whose first byte is not zero has one spelling in DER.
  nonce[0] = ((nonce[0] ?? 0) & 0x3f) | 0x40
  const request = new pkijs.TimeStampReq({
    version: 1,
    messageImprint: new pkijs.MessageImprint({
      hashAlgorithm: new pkijs.AlgorithmIdentifier({
        algorithmId: oid.sha256,
        algorithmParams: new asn1js.Null(),
      }),
      hashedMessage: new asn1js.OctetString({ valueHex: bytes(sha256(data)) }),
    }),
    nonce: new asn1js.Integer({ valueHex: bytes(nonce) }),
    certReq: true,
  })
  return { der: Buffer.from(request.toSchema().toBER()), nonce }
}

/** The token in an authority's answer, byte for byte as it came, or why there is none. */
export function readResponse(
  der: Uint8Array,
): { token: Buffer; problem?: never } | { token?: never; problem: string } {
  const { asn1js, pkijs } = libraries()
  try {
    const parsed = asn1js.fromBER(bytes(der))
    if (parsed.offset !== der.length) return { problem: 'The answer is not a timestamp response (RFC 3161).' }
    const response = pkijs.TimeStampResp.fromBER(bytes(der))
    const { status, statusStrings } = response.status
    if (status !== 0 && status !== 1) {
      const said = statusStrings?.map((one) => one.valueBlock.value).join(' ')
      return { problem: `The authority refused: ${said || `status ${status}`}.` }
    }
    const token = (parsed.result as asn1js.Sequence).valueBlock.value[1]
    if (!token) return { problem: 'The authority agreed, and sent no timestamp.' }
    return { token: Buffer.from(token.valueBeforeDecodeView) }
  } catch {
    return { problem: 'The answer is not a timestamp response (RFC 3161).' }
  }
}

/** What a timestamp says. `trusted`: its certificate leads to one of those given. */
export interface Timestamp {
  at: Date
  signer: string
  trusted: boolean
  problem?: never
}
export type TimestampVerdict = Timestamp | { at?: never; problem: string }

/**
 * Checks a timestamp token over `data`: that it is over these bytes, answers this request, was signed by the
 * certificate that it names, that this certificate is for timestamps and was valid then, and, where certificates are
 * given (`ca`, PEM), that it leads to one of them. `certificates` are those that came beside the token, if any.
 */
export async function verifyTimestamp(
  token: Uint8Array,
  data: Uint8Array,
  { nonce, ca = '', certificates = '' }: { nonce?: Uint8Array; ca?: string; certificates?: string } = {},
): Promise<TimestampVerdict> {
  const { pkijs } = libraries()
  let signed: pkijs.SignedData
  let info: pkijs.TSTInfo
  let anchors: pkijs.Certificate[]
  try {
    anchors = readCertificates(ca)
  } catch {
    return { problem: 'The certificates to check the timestamp with can’t be read. They have to be PEM.' }
  }
  try {
    const content = pkijs.ContentInfo.fromBER(bytes(token))
    if (content.contentType !== oid.signedData) return { problem: 'The timestamp is not signed data.' }
    signed = new pkijs.SignedData({ schema: content.content })
    if (signed.encapContentInfo.eContentType !== oid.timestamp || !signed.encapContentInfo.eContent)
      return { problem: 'The signed data is not a timestamp.' }
    info = pkijs.TSTInfo.fromBER(signed.encapContentInfo.eContent.getValue())
    if (certificates !== '')
      signed.certificates = [...(signed.certificates ?? []), ...readCertificates(certificates)]
  } catch {
    return { problem: 'The timestamp can’t be read: it is damaged, or something else.' }
  }
  const { hashAlgorithm, hashedMessage } = info.messageImprint
  if (hashAlgorithm.algorithmId !== oid.sha256 || !sha256(data).equals(hashedMessage.valueBlock.valueHexView))
    return { problem: 'The timestamp is over something else.' }
  if (nonce && !(info.nonce && Buffer.from(nonce).equals(info.nonce.valueBlock.valueHexView)))
    return { problem: 'The timestamp answers another request: its nonce is not ours.' }
  const [signer, more] = signed.signerInfos
  if (!signer || more) return { problem: 'The timestamp has not exactly one signature.' }
  try {
    const checked = await signed.verify({ signer: 0, data: bytes(data), extendedMode: true })
    const certificate = checked.signerCertificate
    if (!checked.signatureVerified || !certificate) return { problem: badSignature }
    const flaw = flawOf(signer, certificate, info.genTime)
    if (flaw) return { problem: flaw }
    if (anchors.length > 0) {
      const chain = await signed
        .verify({ signer: 0, data: bytes(data), extendedMode: true, checkChain: true, trustedCerts: anchors })
        .catch(() => null)
      if (!chain?.signatureVerified || !chain.signerCertificateVerified)
        return {
          problem: `The timestamp is signed by ${nameOf(certificate)}, whose certificate does not lead to the ones that are trusted.`,
        }
    }
    return { at: info.genTime, signer: nameOf(certificate), trusted: anchors.length > 0 }
  } catch {
    return { problem: badSignature }
  }
}

const badSignature = 'The timestamp’s signature is not good, or its certificate is not with it.'

/** What RFC 3161 § 2.3, RFC 5816 and RFC 5652 § 5.3 want of signature and certificate beyond that they fit together. */
function flawOf(signer: pkijs.SignerInfo, certificate: pkijs.Certificate, at: Date): string | null {
  const attributes = signer.signedAttrs?.attributes ?? []
  const attribute = (type: string) => attributes.find((one) => one.type === type)?.values[0]
  if (attribute(oid.contentType)?.valueBlock.toString() !== oid.timestamp)
    return 'The timestamp’s signature is not over a timestamp.'
  const der = Buffer.from(certificate.toSchema(false).toBER())
  const v2 = attribute(oid.signingCertificateV2)
  const named = v2 ?? attribute(oid.signingCertificate)
  if (!named || !namesCertificate(named, v2 ? null : 'sha1', der))
    return 'The timestamp does not name the certificate that it is signed with.'
  const usage = certificate.extensions?.find((one) => one.extnID === oid.extendedKeyUsage)
  const purposes = (usage?.parsedValue as pkijs.ExtKeyUsage | undefined)?.keyPurposes
  if (!usage?.critical || purposes?.length !== 1 || purposes[0] !== oid.forTimestamps)
    return `The certificate of ${nameOf(certificate)} is not one for timestamps.`
  if (at < certificate.notBefore.value || at > certificate.notAfter.value)
    return `The certificate of ${nameOf(certificate)} was not valid at the time of the timestamp.`
  return null
}

/** Whether a SigningCertificate (RFC 2634) or SigningCertificateV2 (RFC 5035) begins with this certificate's hash. */
function namesCertificate(named: asn1js.AsnType, fixed: string | null, der: Buffer): boolean {
  const { asn1js } = libraries()
  const list = named as asn1js.Sequence
  const first = (list.valueBlock.value[0] as asn1js.Sequence).valueBlock.value[0] as asn1js.Sequence
  const parts = first.valueBlock.value
  const hash = parts.find((part) => part instanceof asn1js.OctetString)
  const algorithm =
    parts[0] instanceof asn1js.Sequence
      ? (parts[0].valueBlock.value[0]?.valueBlock.toString() ?? '')
      : oid.sha256
  const names: Record<string, string> = {
    [oid.sha256]: 'sha256',
    '2.16.840.1.101.3.4.2.2': 'sha384',
    '2.16.840.1.101.3.4.2.3': 'sha512',
  }
  const by = fixed ?? names[algorithm]
  return Boolean(by && hash && createHash(by).update(der).digest().equals(hash.valueBlock.valueHexView))
}

/** The certificates in a PEM text. Throws when there is one that can't be read. */
export function readCertificates(pem: string): pkijs.Certificate[] {
  const { pkijs } = libraries()
  const blocks = [...pem.matchAll(/-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----/g)]
  if (pem.trim() !== '' && blocks.length === 0) throw new Error('There is no certificate in this text.')
  return blocks.map(([, base64 = '']) => pkijs.Certificate.fromBER(bytes(Buffer.from(base64, 'base64'))))
}

function nameOf({ subject }: pkijs.Certificate): string {
  const part = (type: string) =>
    subject.typesAndValues.find((one) => one.type === type)?.value.valueBlock.value
  return String(part(oid.commonName) ?? part(oid.organization) ?? 'an authority without a name')
}

/** An ArrayBuffer of exactly these bytes, which is what the library takes. */
const bytes = (data: Uint8Array): ArrayBuffer => new Uint8Array(data).buffer
