import path from 'node:path'
import { reactRouter } from '@react-router/dev/vite'
import { defineConfig } from 'vite'

const uswds = path.join(import.meta.dirname, 'node_modules/@uswds/uswds')

export default defineConfig({
  plugins: [reactRouter()],
  // USWDS's style sheets name their fonts and images below these.
  resolve: { alias: { '~uswds': path.join(uswds, 'dist') } },
  css: { preprocessorOptions: { scss: { loadPaths: [path.join(uswds, 'packages')], quietDeps: true } } },
  build: { assetsInlineLimit: 0, chunkSizeWarningLimit: 1500 },
})
