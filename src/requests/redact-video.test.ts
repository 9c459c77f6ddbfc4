import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { AreaMark } from './marks.ts'
import { ffmpegHere, redactAudio, redactVideo } from './redact-video.ts'

const run = promisify(execFile)

describe.skipIf(!(await ffmpegHere()))('a video', () => {
  test('is black in the area and silent in the time that are marked, and carries nothing else along', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'plainview-video-test-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const source = path.join(folder, 'source.mp4')
    await run('ffmpeg', [
      ...['-v', 'error', '-f', 'lavfi', '-i', 'color=red:size=160x120:rate=10:duration=3'],
      ...['-f', 'lavfi', '-i', 'sine=frequency=440:duration=3', '-metadata', 'artist=Odalys Filmmaker'],
      ...['-pix_fmt', 'yuv420p', source],
    ])
    expect((await readFile(source)).includes('Odalys')).toBe(true)
    const area: AreaMark = {
      ...{ kind: 'area', file: 0, left: 0.5, top: 0, width: 0.5, height: 1, from: 1, to: 2 },
      exemption: 'c',
    }
    const { content } = await redactVideo(
      await readFile(source),
      [area],
      [{ kind: 'silence', file: 0, from: 1, to: 2, exemption: 'c' }],
    )
    expect(content.includes('Odalys')).toBe(false)
    const made = path.join(folder, 'made.mp4')
    await writeFile(made, content)
    const pixel = async (second: number, x: number) => {
      const { stdout } = await run(
        'ffmpeg',
        [
          ...['-v', 'error', '-ss', String(second), '-i', made, '-frames:v', '1'],
          ...['-vf', `crop=2:2:${x}:60`, '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'],
        ],
        { encoding: 'buffer' },
      )
      return stdout[0]
    }
    expect(await pixel(1.5, 120)).toBeLessThan(16)
    expect(await pixel(1.5, 40)).toBeGreaterThan(200)
    expect(await pixel(0.2, 120)).toBeGreaterThan(200)
    expect(await pixel(2.7, 120)).toBeGreaterThan(200)
    const loudest = async (from: number, to: number) => {
      const { stderr } = await run('ffmpeg', [
        ...['-ss', String(from), '-to', String(to), '-i', made],
        ...['-af', 'volumedetect', '-f', 'null', '-'],
      ])
      return Number(/max_volume: (-?[\d.]+)/.exec(stderr)?.[1])
    }
    expect(await loudest(1.2, 1.8)).toBeLessThan(-80)
    expect(await loudest(0.1, 0.7)).toBeGreaterThan(-40)
  })
})

describe.skipIf(!(await ffmpegHere()))('a sound', () => {
  test('is silent in every sample of the time that is marked, goes on afterwards, and carries nothing else along', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'plainview-sound-test-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const source = path.join(folder, 'call.mp3')
    await run('ffmpeg', [
      ...['-v', 'error', '-f', 'lavfi', '-i', 'sine=frequency=440:duration=4'],
      ...['-metadata', 'artist=Odalys Caller', source],
    ])
    const { content, mediaType } = await redactAudio(await readFile(source), [
      { kind: 'silence', file: 0, from: 1, to: 2, exemption: 'c' },
    ])
    expect(mediaType).toBe('audio/mp4')
    expect(content.includes('Odalys')).toBe(false)
    const made = path.join(folder, 'made.m4a')
    await writeFile(made, content)
    const { stdout } = await run(
      'ffmpeg',
      ['-v', 'error', '-i', made, '-ac', '1', '-ar', '8000', '-f', 's16le', '-'],
      {
        encoding: 'buffer',
      },
    )
    const loudest = (from: number, to: number) => {
      let peak = 0
      for (let at = from * 8000; at < to * 8000; at++)
        peak = Math.max(peak, Math.abs(stdout.readInt16LE(at * 2)))
      return peak
    }
    expect(stdout.length / 2 / 8000).toBeCloseTo(4, 0)
    // A codec may ring for a moment at an edge, within what is taken out before and after the mark.
    expect(loudest(1, 2)).toBeLessThanOrEqual(1)
    expect(loudest(0.1, 0.8)).toBeGreaterThan(2000)
    expect(loudest(2.2, 3.8)).toBeGreaterThan(2000)
  })
})
