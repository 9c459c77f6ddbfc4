import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

const openssl = (args: string[], cwd: string) => promisify(execFile)('openssl', args, { cwd })

export interface TimeAuthority {
  url: string
  /** The certificate that its own leads to, in PEM. */
  ca: string
  /** Changes an answer before it goes out; null sends openssl's own. */
  spoil: ((reply: Buffer, query: Buffer) => Promise<Buffer> | Buffer) | null
  /** openssl's answer to a query, beside the server. */
  reply(query: Buffer): Promise<Buffer>
  /** A certificate of this authority for a host, with its key; both in PEM. */
  domainCertificate(host: string): Promise<{ certificate: string; key: string }>
  /** The same statement as in this token, signed with a certificate for another purpose. */
  signedForAnotherPurpose(token: Buffer): Promise<Buffer>
  /** Whether openssl finds this token good over these bytes; throws with what it says if not. */
  verify(token: Buffer, data: Buffer): Promise<string>
  stop(): Promise<void>
}

/** A real authority for timestamps: `openssl ts` behind HTTP, with a certificate authority of its own. */
export async function timeAuthority(): Promise<TimeAuthority> {
  const folder = await mkdtemp(path.join(tmpdir(), 'plainview-tsa-'))
  await writeFile(path.join(folder, 'openssl.cnf'), configuration)
  await writeFile(path.join(folder, 'serial'), '01')
  const request = [
    'req',
    '-config',
    'openssl.cnf',
    '-nodes',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
  ]
  await openssl(
    [
      ...request,
      '-x509',
      '-days',
      '3650',
      '-subj',
      '/CN=Test Root',
      '-extensions',
      'ca',
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
    ],
    folder,
  )
  await openssl(
    [
      'req',
      '-config',
      'openssl.cnf',
      '-nodes',
      '-newkey',
      'rsa:2048',
      '-subj',
      '/CN=Test Clock',
      '-keyout',
      'tsa.key',
      '-out',
      'tsa.csr',
    ],
    folder,
  )
  const sign = ['x509', '-req', '-in', 'tsa.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-days', '3650']
  for (const name of ['tsa', 'code'])
    await openssl(
      [...sign, '-extfile', 'openssl.cnf', '-extensions', `${name}_certificate`, '-out', `${name}.pem`],
      folder,
    )

  let queries = 0
  async function reply(query: Buffer) {
    const name = `query-${queries++}`
    await writeFile(path.join(folder, name), query)
    await openssl(
      ['ts', '-reply', '-config', 'openssl.cnf', '-queryfile', name, '-out', `${name}.tsr`],
      folder,
    )
    return readFile(path.join(folder, `${name}.tsr`))
  }
  const authority: TimeAuthority = {
    url: '',
    ca: await readFile(path.join(folder, 'ca.pem'), 'utf8'),
    spoil: null,
    reply,
    async verify(token, data) {
      await writeFile(path.join(folder, 'token'), token)
      await writeFile(path.join(folder, 'data'), data)
      const { stdout, stderr } = await openssl(
        ['ts', '-verify', '-token_in', '-in', 'token', '-data', 'data', '-CAfile', 'ca.pem'],
        folder,
      )
      return stdout + stderr
    },
    async domainCertificate(host) {
      await writeFile(path.join(folder, 'host.cnf'), `subjectAltName = DNS:${host}\n`)
      const key = [
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-keyout',
        'host.key',
        '-out',
        'host.csr',
      ]
      await openssl(['req', '-config', 'openssl.cnf', '-nodes', '-subj', `/CN=${host}`, ...key], folder)
      const signed = [
        '-CA',
        'ca.pem',
        '-CAkey',
        'ca.key',
        '-days',
        '90',
        '-extfile',
        'host.cnf',
        '-out',
        'host.pem',
      ]
      await openssl(['x509', '-req', '-in', 'host.csr', ...signed], folder)
      const read = (name: string) => readFile(path.join(folder, name), 'utf8')
      return { certificate: await read('host.pem'), key: await read('host.key') }
    },
    async signedForAnotherPurpose(token) {
      await writeFile(path.join(folder, 'token'), token)
      await openssl(
        ['cms', '-verify', '-noverify', '-inform', 'DER', '-in', 'token', '-out', 'statement'],
        folder,
      )
      const statement = [
        '-binary',
        '-nodetach',
        '-econtent_type',
        '1.2.840.113549.1.9.16.1.4',
        '-in',
        'statement',
      ]
      const signer = ['-signer', 'code.pem', '-inkey', 'tsa.key', '-cades', '-md', 'sha256']
      await openssl(['cms', '-sign', ...statement, ...signer, '-outform', 'DER', '-out', 'forged'], folder)
      return readFile(path.join(folder, 'forged'))
    },
    async stop() {
      server.closeAllConnections()
      server.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
  const server = createServer(async (incoming, response) => {
    const pieces: Buffer[] = []
    for await (const piece of incoming) pieces.push(piece as Buffer)
    const query = Buffer.concat(pieces)
    const good = await reply(query)
    response.setHeader('Content-Type', 'application/timestamp-reply')
    response.end(authority.spoil ? await authority.spoil(good, query) : good)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  authority.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/tsr`
  return authority
}

const configuration = `
[req]
distinguished_name = name
[name]
[ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[tsa_certificate]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[code_certificate]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,codeSigning
[tsa]
default_tsa = authority
[authority]
dir = .
serial = ./serial
crypto_device = builtin
signer_cert = ./tsa.pem
certs = ./ca.pem
signer_key = ./tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ordering = no
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = sha256
`
