import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'src/**/*.test.tsx', 'test/**/*.test.ts'],
    exclude: ['node_modules/**', 'test/*/node_modules/**'],
    globalSetup: ['test/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    // A file's modules stay loaded for the next: loading them anew took a quarter of the whole run.
    isolate: false,
    setupFiles: ['test/end-of-file.ts'],
    reporters: ['default'],
  },
})
