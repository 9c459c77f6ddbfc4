import { lettering } from './lettering.ts'

export type SceneName = 'snow' | 'storm' | 'parade' | 'k9' | 'map' | 'common' | 'school' | 'lights' | 'notice'

const width = 1200
const height = 675

/** The demonstration's pictures, drawn here so that nobody's photograph is used. */
export async function drawScene(
  name: SceneName,
): Promise<{ content: Uint8Array; mediaType: string; width: number; height: number }> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">${scenes[name]()}</svg>`
  const { default: sharp } = await import('sharp')
  const content = await sharp(Buffer.from(svg)).jpeg({ quality: 86 }).toBuffer()
  return { content, mediaType: 'image/jpeg', width, height }
}

const scenes: Record<SceneName, () => string> = {
  snow: () =>
    `${sky('#8fa3b5', '#dfe6ec')}
     <path d="M0 330 Q300 250 620 320 T1200 290 V675 H0Z" fill="#c9d5de"/>${row(12, (x, i) => pine(x * 0.42, 360 + wave(i, 25), 0.8, '#39505a'))}${row(10, (x, i) => pine(760 + x * 0.4, 350 + wave(i, 30), 0.85, '#33474f'))}
     <path d="M0 675 L480 350 H640 L1200 675Z" fill="#eef3f6"/><path d="M330 675 L540 352 M760 675 L575 352" stroke="#b4c1cb" stroke-width="26" fill="none"/>
     <g transform="translate(560 300)"><rect x="0" y="20" width="78" height="50" rx="6" fill="#e08a1e"/><rect x="52" y="0" width="34" height="70" rx="5" fill="#c97410"/><rect x="58" y="8" width="24" height="22" fill="#cfe3ef"/><path d="M-14 52 L8 52 L2 82 L-22 82Z" fill="#5c6873"/><circle cx="16" cy="74" r="11" fill="#2a2f33"/><circle cx="66" cy="74" r="11" fill="#2a2f33"/><circle cx="70" cy="-4" r="6" fill="#ffd24a"/></g>${flakes(170, '#ffffff')}`,
  storm: () =>
    `${sky('#2c3845', '#77868f')}${row(9, (x, i) => `<ellipse cx="${x}" cy="${70 + wave(i, 45)}" rx="170" ry="62" fill="#3b4854" opacity="0.75"/>`)}
     <path d="M0 430 Q400 390 1200 440 V675 H0Z" fill="#33413a"/><path d="M420 675 L585 420 H640 L860 675Z" fill="#4a4f55"/><path d="M632 660 L622 560 M618 530 L615 480 M613 460 L612 440" stroke="#d8c56a" stroke-width="7"/>
     <path d="M250 470 Q262 330 350 250" stroke="#2a221b" stroke-width="22" fill="none"/><ellipse cx="390" cy="215" rx="130" ry="62" fill="#26382c" transform="rotate(-24 390 215)"/>
     <path d="M980 60 L930 190 H965 L915 330" stroke="#fff4b8" stroke-width="6" fill="none"/>${rain()}`,
  parade: () =>
    `${sky('#5aa2d8', '#d9ecf8')}${row(8, (x, i) => `<rect x="${x - 80}" y="${150 + wave(i, 40)}" width="140" height="320" fill="${['#b5563f', '#d9b38c', '#8c6a5a', '#c7c0b4'][i % 4]}"/><rect x="${x - 58}" y="${200 + wave(i, 40)}" width="34" height="48" fill="#39424c"/><rect x="${x + 4}" y="${200 + wave(i, 40)}" width="34" height="48" fill="#39424c"/><rect x="${x - 64}" y="330" width="108" height="22" fill="${['#235a8c', '#8c2332'][i % 2]}"/>`)}
     <rect y="455" width="1200" height="220" fill="#6d7278"/><path d="M0 565 H1200" stroke="#e9dc95" stroke-width="6" stroke-dasharray="46 34"/>${row(13, (x, i) => marcher(x, 500 + (i % 2) * 62, i))}
     <path d="M0 120 Q300 190 600 120 T1200 120" stroke="#8a8f95" stroke-width="3" fill="none"/>${row(22, (x, i) => `<path d="M${x} ${136 + wave(i, 22)} l18 0 l-9 30z" fill="${['#b22234', '#ffffff', '#3c3b6e'][i % 3]}"/>`)}`,
  k9: () =>
    `${sky('#4b3b63', '#f2a65a')}<circle cx="820" cy="410" r="120" fill="#ffd98a"/><path d="M0 520 Q340 400 700 500 T1200 470 V675 H0Z" fill="#2a2430"/>
     <g fill="#17131c" transform="translate(400 170)"><path d="M92 350 C60 300 66 220 96 170 C110 140 112 110 116 88 L108 30 L136 62 L152 22 L172 68 C196 78 214 90 238 98 C250 104 248 122 236 126 C214 134 196 132 184 136 C190 180 206 220 206 262 L210 352 H176 L170 270 L158 352 Z"/><path d="M96 330 C40 340 0 330 -22 290 C10 306 50 300 88 280Z"/></g>`,
  map: () =>
    `<rect width="1200" height="675" fill="#eef0e6"/>${row(7, (x, i) => `<rect x="${x - 70}" y="${40 + (i % 3) * 210}" width="150" height="120" rx="10" fill="#d7e4c4"/>`)}
     <path d="M-20 600 C200 520 280 400 470 380 S820 330 1220 80" stroke="#a8cbe6" stroke-width="46" fill="none"/><path d="M700 430 C760 370 900 380 930 450 C950 520 860 580 780 560 C700 540 660 480 700 430Z" fill="#a8cbe6"/>
     ${['M0 180 H1200', 'M0 470 L560 500 L1200 640', 'M260 0 V675', 'M620 0 L590 675', 'M1010 0 L980 675', 'M260 300 L620 260 L1010 330'].map((d) => `<path d="${d}" stroke="#ffffff" stroke-width="24" fill="none"/><path d="${d}" stroke="#c6c8bf" stroke-width="2" fill="none"/>`).join('')}
     <g font-family="sans-serif" font-size="24" fill="#4b564b"><text x="745" y="482">Hollow Pond</text><text x="40" y="170">Common Street</text><text x="640" y="80">Orchard Lane</text><text x="30" y="458">Old Post Road</text></g>
     <path d="M700 350 c-34 -46 -46 -62 -46 -88 a46 46 0 1 1 92 0 c0 26 -12 42 -46 88z" fill="#b3261e"/><circle cx="700" cy="262" r="18" fill="#fff"/>`,
  common: () =>
    `${sky('#6db3e6', '#e8f4fb')}<rect y="440" width="1200" height="235" fill="#7fae5b"/><path d="M520 675 Q560 540 600 445 H650 Q660 540 760 675Z" fill="#d9cba8"/>
     <g><rect x="250" y="270" width="190" height="180" fill="#fbfaf6"/><path d="M235 275 L345 195 L455 275Z" fill="#5d6670"/><rect x="315" y="120" width="60" height="110" fill="#f4f2ea"/><path d="M310 122 L345 10 L380 122Z" fill="#5d6670"/>${row(3, (_, i) => `<rect x="${275 + i * 55}" y="310" width="28" height="64" rx="14" fill="#4b6076"/>`)}</g>
     <g><path d="M760 350 L880 290 L1000 350Z" fill="#7a3b2e"/><path d="M780 350 V460 M840 350 V460 M920 350 V460 M980 350 V460" stroke="#fff" stroke-width="11"/><rect x="765" y="440" width="230" height="24" fill="#efe9dc"/></g>${row(6, (x, i) => `<rect x="${x - 8}" y="400" width="18" height="90" fill="#5c4634"/><circle cx="${x}" cy="${370 + wave(i, 14)}" r="66" fill="${['#d97a2b', '#c2452d', '#e2a93b', '#6d9a45'][i % 4]}" opacity="0.92"/>`)}`,
  school: () =>
    `${sky('#8cc4ea', '#f2f8fc')}${row(9, (x, i) => `<rect x="${x - 6}" y="330" width="14" height="110" fill="#5c4634"/><circle cx="${x}" cy="${290 + wave(i, 20)}" r="70" fill="${['#6f9c4b', '#8db05a', '#c9a13c'][i % 3]}"/>`)}<rect y="430" width="1200" height="60" fill="#9fb77c"/><rect y="480" width="1200" height="195" fill="#62676d"/><path d="M0 590 H1200" stroke="#f1e2a0" stroke-width="7"/>
     <g transform="translate(330 300)"><rect width="520" height="210" rx="26" fill="#f5b921"/><rect x="440" y="90" width="130" height="120" rx="18" fill="#f5b921"/>${row(6, (_, i) => `<rect x="${28 + i * 68}" y="34" width="54" height="58" rx="6" fill="#3c5063"/>`)}<rect x="448" y="34" width="60" height="66" rx="6" fill="#3c5063"/><path d="M0 122 H560 M0 150 H560" stroke="#2a2a2a" stroke-width="8"/><circle cx="110" cy="212" r="42" fill="#23272b"/><circle cx="110" cy="212" r="18" fill="#b7bcc1"/><circle cx="450" cy="212" r="42" fill="#23272b"/><circle cx="450" cy="212" r="18" fill="#b7bcc1"/><circle cx="40" cy="14" r="11" fill="#d3222a"/><circle cx="480" cy="14" r="11" fill="#d3222a"/><path d="M-62 96 l18 -18 h26 l18 18 v26 l-18 18 h-26 l-18 -18z" fill="#c1121f"/></g>`,
  notice: () =>
    `<rect width="1200" height="675" fill="#6f5a48"/>${row(24, (x, i) => `<path d="M${x - 12} 0 q${wave(i, 9)} 330 0 675" stroke="#614d3d" stroke-width="${3 + (i % 3)}" fill="none"/>`)}
     <g transform="rotate(-1.2 600 337)"><rect x="126" y="46" width="960" height="590" fill="#4d3f33" opacity="0.5"/><rect x="118" y="38" width="960" height="590" fill="#fff8dc"/><rect x="118" y="38" width="960" height="30" fill="#f0a020"/><rect x="118" y="598" width="960" height="30" fill="#f0a020"/>${noticeLines.map(([text, y, size, color]) => lettering(text, 598, y, size, color)).join('')}</g>
     ${row(2, (_, i) => `<circle cx="${152 + i * 896}" cy="${i ? 84 : 104}" r="9" fill="#a7adb3" stroke="#5b6167" stroke-width="3"/>`)}`,
  lights: () =>
    `${sky('#0f1b33', '#35496d')}${flakes(120, '#e8eef7')}<path d="M0 520 Q500 470 1200 530 V675 H0Z" fill="#dfe7f0"/>${row(6, (x, i) => `<rect x="${x - 70}" y="${400 + wave(i, 20)}" width="120" height="130" fill="#222a3a"/><rect x="${x - 44}" y="440" width="24" height="30" fill="#ffd98a"/><rect x="${x + 4}" y="440" width="24" height="30" fill="#ffd98a"/>`)}
     <path d="M600 90 L450 340 H520 L400 560 H800 L680 340 H750Z" fill="#1f4d36"/><rect x="580" y="555" width="40" height="50" fill="#4b3626"/>${row(46, (x, i) => `<circle cx="${600 + ((x % 97) - 48) * (0.5 + (i % 7) * 0.42)}" cy="${170 + (i % 7) * 58}" r="7" fill="${['#ffd24a', '#e5484d', '#6fb7ff', '#7ee08a'][i % 4]}"/>`)}<path d="M600 50 l12 30 l32 2 l-25 20 l9 31 l-28 -18 l-28 18 l9 -31 l-25 -20 l32 -2z" fill="#ffe08a"/>`,
}

const noticeLines: readonly [string, number, number, string][] = [
  ['ROAD CLOSED', 178, 74, '#1b1b1b'],
  ['Common Street between Elm and the bakery', 268, 31, '#1b1b1b'],
  ['Gas main repair by Tri-River Utilities', 322, 31, '#1b1b1b'],
  ['Detour: Tannery Row and Depot Road', 400, 34, '#8a1f11'],
  ['Shops are open. Park free behind the library.', 464, 29, '#1b1b1b'],
  ['Shuttle for seniors every twenty minutes', 512, 29, '#1b1b1b'],
  ['Questions: Department of Public Works, 978-555-0163', 580, 24, '#444444'],
]

const sky = (top: string, bottom: string) =>
  `<defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${top}"/><stop offset="1" stop-color="${bottom}"/></linearGradient></defs><rect width="${width}" height="${height}" fill="url(#sky)"/>`

const row = (count: number, draw: (x: number, i: number) => string) =>
  Array.from({ length: count }, (_, i) => draw(Math.round(((i + 0.5) * width) / count), i)).join('')

/** Small irregularity that is the same every time. */
const wave = (i: number, size: number) => Math.round(Math.sin(i * 12.9898) * size)

/** A place that looks random and never changes. */
const scatter = (i: number, size: number) => {
  const noise = Math.sin(i * 78.233 + 1) * 43758.5453
  return Math.round((noise - Math.floor(noise)) * size)
}

const pine = (x: number, y: number, scale: number, color: string) =>
  `<g transform="translate(${Math.round(x)} ${y}) scale(${scale})" fill="${color}"><path d="M0 -190 L52 -90 H26 L70 0 H-70 L-26 -90 H-52Z"/><path d="M0 -190 L22 -150 Q0 -140 -22 -150Z" fill="#f6fafc"/><rect x="-7" width="14" height="26"/></g>`

const flakes = (count: number, color: string) =>
  Array.from(
    { length: count },
    (_, i) =>
      `<circle cx="${scatter(i, width)}" cy="${scatter(i + 0.5, height)}" r="${1.5 + (i % 4)}" fill="${color}" opacity="0.8"/>`,
  ).join('')

const rain = () =>
  Array.from({ length: 150 }, (_, i) => {
    const [x, y] = [scatter(i, width), scatter(i + 0.5, height)]
    return `<path d="M${x} ${y} l-9 30" stroke="#c4d2dc" stroke-width="2" opacity="0.55"/>`
  }).join('')

const marcher = (x: number, y: number, i: number) =>
  `<g transform="translate(${x} ${y})"><rect x="-13" y="-38" width="26" height="46" rx="8" fill="${['#8c2332', '#8c2332', '#23356b'][i % 3]}"/><path d="M-8 8 L-14 48 M8 8 L${i % 2 ? 16 : 10} 48" stroke="#f4f4f4" stroke-width="10"/><circle cy="-52" r="13" fill="${['#e0b896', '#8a5a3c', '#c78f66'][i % 3]}"/><rect x="-13" y="-78" width="26" height="18" rx="4" fill="#1d2330"/>${i % 3 === 0 ? '<circle cx="18" cy="-10" r="17" fill="#d9a928"/>' : ''}</g>`
