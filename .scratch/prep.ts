import { createHash, hash, randomBytes } from 'node:crypto'
import canonicalize from 'canonicalize'
import { prepare } from '../src/archive/record.ts'
import { newId } from '../src/storage/ids.ts'
import { entries } from '../bench/seed.ts'
const some = [...entries(20000, 1)]
const cpu = (n: string, f: () => any) => { const c=process.cpuUsage(); f(); const u=process.cpuUsage(c); console.log(n, Math.round((u.user+u.system)/1000)) }
for (let i=0;i<2;i++){
cpu('entries', () => [...entries(20000, 1)])
cpu('prepare', () => some.map(prepare))
cpu('ids', () => some.map(() => newId()))
const plain = some.map(e => ({...e, at: e.at!.toISOString()}))
cpu('stringify', () => plain.map(e=>JSON.stringify(e)))
const t = plain.map(e=>JSON.stringify(e))
cpu('parse reviver', () => t.map(e=>JSON.parse(e, (_, v) => typeof v === 'string' ? v.toWellFormed() : v)))
cpu('parse', () => t.map(e=>JSON.parse(e)))
cpu('canon', () => plain.map(e=>canonicalize(e)))
cpu('rand', () => plain.map(()=>randomBytes(32)))
const s = randomBytes(32)
cpu('hash', () => t.map((x)=>createHash('sha256').update('plainview record v1\n').update(s).update(x).digest()))
cpu('hash1', () => t.map((x)=>hash('sha256', Buffer.concat([Buffer.from('plainview record v1\n'), s, Buffer.from(x)]), 'buffer')))
}
