import { readFileSync } from 'node:fs'
import http from 'node:http'

/** Nothing but Node's own server, which answers everything with the same bytes. */
const [file = ''] = process.argv.slice(2)
const body = readFileSync(file)
http
  .createServer((_, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Content-Length': body.length })
    response.end(body)
  })
  .listen(Number(process.env.PORT))
process.on('SIGTERM', () => process.exit(0))
