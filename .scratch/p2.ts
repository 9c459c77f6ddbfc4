import { prepare } from '../src/archive/record.ts'
import { texts } from '../src/storage/arrays.ts'
import { entries } from '../bench/seed.ts'
const some = [...entries(20000, 1)]
for (let i=0;i<6;i++) { const r = some.map(prepare); texts(r.map(x=>x.json)); texts(r.map(x=>x.words)) }
