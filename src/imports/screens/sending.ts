import type { Upload } from 'tus-js-client'
import type { Told } from './refused-upload.ts'

/** An unfinished upload, as the form knows it. */
export interface Unfinished {
  id: string
  page: string
  fileName: string
  bytes: number
  /** In milliseconds, as a browser tells it. */
  modified: number | null
}

export interface Progress {
  sent: number
  /** The line is broken, and is tried again by itself. */
  waiting: boolean
}

/** Where to go on, or why not; neither when somebody stopped it. */
export interface Sent {
  to?: string
  problems?: string[]
}

/** How much is sent in one request. Some proxies take no more than so much at once, and a broken line loses at most this. */
const piece = 8_000_000
/** Milliseconds between attempts, about half an hour of them; an attempt that brings anything begins the row anew. */
const pauses = [500, 1000, 2000, 5000, 10_000, 20_000, ...Array.from({ length: 28 }, () => 60_000)]

/**
 * Sends a file in pieces, begun anew or where `unfinished` stopped, makes its checksum on the way, and has it imported. A broken line is
 * tried again by itself. Browser only.
 */
export function sendFile(
  file: File,
  {
    page,
    unfinished,
    onProgress,
  }: { page: string; unfinished: Unfinished | null; onProgress(progress: Progress): void },
): { stop(): void; sent: Promise<Sent> } {
  const stopping = new AbortController()
  return { stop: () => stopping.abort(), sent: run() }

  async function run(): Promise<Sent> {
    // The upload's library gives up on no bytes at all before it asks the server, which would say the same.
    if (file.size === 0) return { problems: ['This file is empty. Download the export again.'] }
    try {
      const [address, sha256] = await Promise.all([sendPieces(), checksumOf(file, stopping.signal)])
      const answer = await fetch(`${address}/import`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ sha256 }),
      })
      return (await answer.json()) as Sent
    } catch (error) {
      const stopped = stopping.signal.aborted
      stopping.abort()
      if (stopped) return {}
      return { problems: reasonsIn(error) }
    }
  }

  async function sendPieces(): Promise<string> {
    // Only whoever sends a file loads it.
    const { Upload } = await import('tus-js-client')
    return new Promise((resolve, reject) => {
      let sent = 0
      const upload: Upload = new Upload(file, {
        endpoint: '/console/imports/uploads',
        uploadUrl: unfinished ? `/console/imports/uploads/${unfinished.id}` : null,
        metadata: { page, filename: file.name, modified: String(file.lastModified) },
        chunkSize: piece,
        retryDelays: pauses,
        // What is unfinished the server knows, for every browser.
        storeFingerprintForResuming: false,
        onProgress(bytes) {
          sent = bytes
          onProgress({ sent, waiting: false })
        },
        onShouldRetry(error) {
          const status = error.originalResponse?.getStatus() ?? 0
          const again = status < 400 || status >= 500 || status === 409 || status === 423
          if (again) onProgress({ sent, waiting: true })
          return again
        },
        onError: reject,
        onSuccess: () => resolve(upload.url ?? ''),
      })
      stopping.signal.addEventListener('abort', () => {
        void upload.abort()
        reject(stopping.signal.reason)
      })
      upload.start()
    })
  }
}

/** SHA-256 of a file of any size, piece by piece; the browser's own function wants all of it in memory. */
async function checksumOf(file: File, stopped: AbortSignal): Promise<string> {
  const [{ sha256 }, { bytesToHex }] = await Promise.all([
    import('@noble/hashes/sha2.js'),
    import('@noble/hashes/utils.js'),
  ])
  const hash = sha256.create()
  const reader = file.stream().getReader()
  for (;;) {
    stopped.throwIfAborted()
    const { done, value } = await reader.read()
    if (done) return bytesToHex(hash.digest())
    hash.update(value)
  }
}

const brokenOff =
  'The connection broke off, and stayed so. What was sent is kept for a week: choose the same file again, and only the rest is sent.'

function reasonsIn(error: unknown): string[] {
  const answer = (error as { originalResponse?: { getBody(): string } | null }).originalResponse?.getBody()
  try {
    const { problems } = JSON.parse(answer ?? '') as Told
    if (Array.isArray(problems) && problems.length > 0) return problems
  } catch {
    // No sentence of ours: a proxy's page, or nothing at all.
  }
  if (error instanceof DOMException && error.name === 'NotReadableError')
    return ['The file can’t be read any more: it was moved or changed meanwhile. Choose it again.']
  return [brokenOff]
}
