import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import S3rver from '@20minutes/s3rver'

/** An S3-compatible server on a free port with one bucket, on a folder of its own. */
export async function startS3() {
  const folder = await mkdtemp(path.join(tmpdir(), 'plainview-s3-'))
  const server = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory: folder,
    configureBuckets: [{ name: 'plainview', configs: [] }],
  })
  const address: AddressInfo = await server.run()
  // What the server lets in.
  process.env.AWS_ACCESS_KEY_ID = 'S3RVER'
  process.env.AWS_SECRET_ACCESS_KEY = 'S3RVER'
  return {
    place: { bucket: 'plainview', region: 'us-east-1', endpoint: `http://127.0.0.1:${address.port}` },
    /** Changes the bytes of every kept object, as a failing disk would. */
    async damage() {
      for (const one of await readdir(folder, { recursive: true, withFileTypes: true }))
        if (one.isFile() && one.name.endsWith('object'))
          await writeFile(path.join(one.parentPath, one.name), 'damaged')
    },
    async stop() {
      await server.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
