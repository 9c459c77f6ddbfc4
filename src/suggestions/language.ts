import type { Word } from './reading.ts'

/** Little words that people can't write without, by language. */
const little: Readonly<Record<string, readonly string[]>> = {
  en: 'the and is are was you your that this of to in for it on with have not be they what my we so just who all at but from do did how why when where will can out about no there their i'.split(
    ' ',
  ),
  es: 'el la los las que de y en un una es por con para no se lo le su mi muy pero como mas esta este donde cuando quien ya hay son fue ni todo usted ustedes al del gracias yo tu te me nos si a'.split(
    ' ',
  ),
  pt: 'o os as que de e em um uma por com para nao se do da dos das no na seu sua meu minha muito mas como mais esta este onde quando quem ja sao foi nem todo voce voces ao pra eu ele ela isso esse essa obrigado obrigada'.split(
    ' ',
  ),
  ht: 'la yo li nou mwen ou pa ki sa nan ak pou se te gen yon kote poukisa tout moun fe sou men ap anpil'.split(
    ' ',
  ),
  fr: 'le la les que de et en un une est pas pour avec dans il elle je vous nous ce cette qui mais sur sont du des au ne se plus ou'.split(
    ' ',
  ),
}
const languages = Object.keys(little)
const votes = new Map<string, number[]>()
for (const [n, language] of languages.entries())
  for (const word of little[language] ?? []) {
    const counts = votes.get(word) ?? languages.map(() => 0)
    counts[n] = 1
    votes.set(word, counts)
  }
// A word that several languages share says less.
for (const counts of votes.values()) {
  const sharing = counts.filter((count) => count > 0).length
  for (const n of counts.keys()) counts[n] = (counts[n] ?? 0) / sharing
}
const endings: readonly [RegExp, number][] = [
  [/(?:cion|ciones|ando|iendo|aron|ieron|amos|emos)$/, 1],
  [/(?:cao|coes|ao|oes|inho|inha|eram|aram|ndo|lh[oa]s?)$/, 2],
]
const scripts: readonly [RegExp, string][] = [
  [/[\u3040-\u30ff]/, 'ja'],
  [/[\u4e00-\u9fff]/, 'zh'],
  [/[\uac00-\ud7af]/, 'ko'],
  [/[\u0600-\u06ff]/, 'ar'],
  [/[\u0900-\u097f]/, 'hi'],
  [/[\u1780-\u17ff]/, 'km'],
  [/(?:[\u0400-\u04ff]{2,}[^\p{L}]*){3}/u, 'ru'],
]

/** The language of a text as an ISO 639-1 code and how sure that is, from 0 to 1; null when it is too short to tell. */
export function languageOf(text: string, words: readonly Word[]): { language: string; sure: number } | null {
  for (const [script, language] of scripts) if (script.test(text)) return { language, sure: 1 }
  const counts = languages.map(() => 0)
  for (const { text: word } of words) {
    const vote = votes.get(word)
    if (vote) for (const n of vote.keys()) counts[n] = (counts[n] ?? 0) + (vote[n] ?? 0)
    else for (const [ending, n] of endings) if (ending.test(word)) counts[n] = (counts[n] ?? 0) + 0.5
  }
  if (/[¿¡ñ]/.test(text)) counts[1] = (counts[1] ?? 0) + 2
  if (/[ãõç]/.test(text)) counts[2] = (counts[2] ?? 0) + 2
  if (/[èò]/.test(text)) counts[3] = (counts[3] ?? 0) + 1
  const all = counts.reduce((sum, count) => sum + count, 0)
  const best = Math.max(...counts)
  if (best < 1) return null
  const sure = (best / all) * (1 - 0.5 ** (1.5 * best))
  return { language: languages[counts.indexOf(best)] as string, sure }
}
