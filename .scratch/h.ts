import { createHash, hash, randomBytes } from 'node:crypto'
const a = randomBytes(32), b = randomBytes(32)
const p = Buffer.of(1)
const time = (n: string, f: () => any) => { for (let i=0;i<20000;i++) f(); const t=performance.now(); for (let i=0;i<100000;i++) f(); console.log(n, ((performance.now()-t)*10).toFixed(0), 'ns') }
time('createHash', () => { const h=createHash('sha256'); h.update(p); h.update(a); h.update(b); return h.digest() })
time('hash concat', () => hash('sha256', Buffer.concat([p, a, b]), 'buffer'))
const s = Buffer.alloc(65); s[0]=1
time('hash scratch', () => { s.set(a, 1); s.set(b, 33); return hash('sha256', s, 'buffer') })
