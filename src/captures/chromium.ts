import { existsSync } from 'node:fs'
import path from 'node:path'
import type { FoundBrowser } from '../installation.ts'

/** Looks for the browser: the one that the operator named (PLAINVIEW_CHROMIUM), or where browsers usually are. */
export async function findBrowser(named: string | null): Promise<FoundBrowser> {
  if (named)
    return existsSync(named)
      ? { path: named }
      : {
          missing: `PLAINVIEW_CHROMIUM names ${named}, and there is no such file. Ask information services to correct it and to start Plainview again.`,
        }
  const usual = places[process.platform] ?? places.linux ?? []
  const found = usual.find((place) => existsSync(place)) ?? (await fetched())
  return found ? { path: found } : { missing }
}

const missing =
  'This machine has no Chromium, so pages can’t be captured as they look. Ask information services to install one (on Debian and Ubuntu: apt-get install chromium; Chrome and Edge do as well), or to name it in PLAINVIEW_CHROMIUM, and to start Plainview again. Everything else works without it.'

const programs = [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA]
const places: Partial<Record<NodeJS.Platform, string[]>> = {
  linux: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge']
    .map((name) => `/usr/bin/${name}`)
    .concat('/snap/bin/chromium', '/opt/google/chrome/chrome'),
  darwin: ['Google Chrome', 'Chromium', 'Microsoft Edge'].map(
    (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
  ),
  win32: programs.flatMap((folder) =>
    folder
      ? ['Google/Chrome/Application/chrome.exe', 'Microsoft/Edge/Application/msedge.exe'].map((place) =>
          path.join(folder, place),
        )
      : [],
  ),
}

/** The one that `playwright-core install chromium` fetched. */
async function fetched(): Promise<string | null> {
  // The library takes a third of a second to load, which a start can do without.
  const { chromium } = await import('playwright-core')
  try {
    const place = chromium.executablePath()
    return existsSync(place) ? place : null
  } catch {
    // It knows none for this system.
    return null
  }
}
