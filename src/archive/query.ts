/** What people type to find records by their words: a small language that can be read aloud. */
import { isCommon } from './common-words.ts'

type Said = { is: 'word'; text: string; begins: boolean } | { is: 'phrase'; text: string }
export type Term =
  | Said
  | { is: 'near'; left: Said; right: Said; within: number }
  | { is: 'not'; of: Term }
  | { is: 'and' | 'or'; of: Term[] }

/** A query that was understood, or a sentence that says what is wrong and where. */
export type QueryRead = { term: Term; problem?: never } | { problem: string; term?: never }

const longestQuery = 400
/** Every distance up to it is a comparison of its own, both ways round. */
const widestNear = 20

interface Token {
  is: 'word' | 'phrase' | '(' | ')' | 'and' | 'or' | 'not' | 'near'
  text: string
  /** The place of its first character, counted from 1. */
  at: number
}

class Misunderstood extends Error {}

/**
 * Reads words (all of them), "a phrase", storm*, OR, AND, NOT or -, NEAR/5 and parentheses. Operators are in capitals, as
 * "and" and "or" are words that people write. What has neither letter nor number is passed over.
 */
export function readQuery(typed: string): QueryRead {
  const text = typed.toWellFormed().replaceAll('\0', ' ')
  if (text.length > longestQuery)
    return { problem: `A search has at most ${longestQuery} characters, and this one has ${text.length}.` }
  try {
    const tokens = tokensOf(text)
    if (tokens.length === 0)
      return { problem: 'There is no word to search for. Type at least one letter or number.' }
    const term = new Reader(tokens, text.length).whole()
    return allCommon(term)
      ? { problem: 'These words stand in nearly every record, so none is searched for. Add another.' }
      : { term }
  } catch (error) {
    if (error instanceof Misunderstood) return { problem: error.message }
    throw error
  }
}

const operators: Record<string, Token['is']> = { AND: 'and', OR: 'or', NOT: 'not' }

function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  const marks = /\s+|([()])|["“”]([^"“”]*)(["“”]?)|-(?=[^\s-])|([^\s()"“”]+)/gu
  for (const found of text.matchAll(marks)) {
    const [all, parenthesis, phrase, closing, word] = found
    const at = found.index + 1
    if (parenthesis) tokens.push({ is: parenthesis as '(' | ')', text: all, at })
    else if (phrase !== undefined) {
      if (!closing)
        throw new Misunderstood(
          `The quotation mark at character ${at} is not closed. Add one at the end of the phrase.`,
        )
      if (says(phrase)) tokens.push({ is: 'phrase', text: phrase, at })
    } else if (all === '-') tokens.push({ is: 'not', text: all, at })
    else if (word) {
      const near = /^NEAR(?:\/(\d+))?$/.exec(word)
      if (near) tokens.push({ is: 'near', text: near[1] ?? '5', at })
      else if (operators[word]) tokens.push({ is: operators[word], text: word, at })
      else if (says(word)) tokens.push({ is: 'word', text: word, at })
    }
  }
  return tokens
}

const says = (text: string) => /[\p{L}\p{N}]/u.test(text)

/** Reads by descent: OR binds least, then words beside each other, then NOT, then NEAR. */
class Reader {
  private next = 0
  private readonly tokens: readonly Token[]
  private readonly length: number
  constructor(tokens: readonly Token[], length: number) {
    this.tokens = tokens
    this.length = length
  }

  whole(): Term {
    const term = this.either()
    const left = this.tokens[this.next]
    if (left) throw new Misunderstood(`The parenthesis at character ${left.at} closes nothing. Take it out.`)
    return term
  }

  private either(): Term {
    const of = [this.all()]
    while (this.take('or')) of.push(this.all())
    return of.length === 1 ? (of[0] as Term) : { is: 'or', of }
  }

  private all(): Term {
    const of = [this.unlessNot()]
    for (;;) {
      const joined = this.take('and')
      const next = this.tokens[this.next]
      if (!joined && (!next || next.is === 'or' || next.is === ')')) break
      of.push(this.unlessNot())
    }
    return of.length === 1 ? (of[0] as Term) : { is: 'and', of }
  }

  private unlessNot(): Term {
    return this.take('not') ? { is: 'not', of: this.unlessNot() } : this.near()
  }

  private near(): Term {
    const left = this.one()
    const near = this.take('near')
    if (!near) return left
    const within = Number(near.text)
    if (within < 1 || within > widestNear)
      throw new Misunderstood(
        `NEAR at character ${near.at} takes a distance from 1 to ${widestNear} words: storm NEAR/5 flood.`,
      )
    const right = this.one()
    const again = this.take('near')
    if (again || !isSaid(left) || !isSaid(right))
      throw new Misunderstood(
        `NEAR at character ${(again ?? near).at} stands between two words or phrases: storm NEAR/5 "mill street".`,
      )
    return { is: 'near', left, right, within }
  }

  private one(): Term {
    const token = this.tokens[this.next]
    if (!token)
      throw new Misunderstood(
        `The search ends at character ${this.length}, where a word should follow. Add it, or take “${this.tokens.at(-1)?.text}” out.`,
      )
    this.next++
    if (token.is === 'word') return wordOf(token)
    if (token.is === 'phrase') return { is: 'phrase', text: token.text.trim() }
    if (token.is !== '(')
      throw new Misunderstood(
        `At character ${token.at} a word should stand in place of “${token.is === 'near' ? 'NEAR' : token.text}”. To search for the word itself, put it in quotation marks.`,
      )
    const inside = this.either()
    if (!this.take(')'))
      throw new Misunderstood(
        `The parenthesis at character ${token.at} is not closed. Add one where it ends.`,
      )
    return inside
  }

  private take(is: Token['is']): Token | null {
    const token = this.tokens[this.next]
    if (token?.is !== is) return null
    this.next++
    return token
  }
}

function wordOf({ text, at }: Token): Term {
  const star = text.indexOf('*')
  if (star >= 0 && star < text.length - 1)
    throw new Misunderstood(`The * at character ${at + star} has to stand at the end of a word: flood*.`)
  const word = star < 0 ? text : text.slice(0, -1)
  // The database would drop it without a word, and a search that found nothing would be taken for an answer.
  if (star >= 0 && isCommon(word))
    throw new Misunderstood(`“${word}*” at character ${at} is too common a beginning. Add a letter to it.`)
  return { is: 'word', text: word, begins: star >= 0 }
}

function allCommon(term: Term): boolean {
  switch (term.is) {
    case 'word':
      return isCommon(term.text)
    case 'phrase':
      return (term.text.match(/[\p{L}\p{N}]+/gu) ?? []).every(isCommon)
    case 'near':
      return allCommon(term.left) && allCommon(term.right)
    case 'not':
      return allCommon(term.of)
    default:
      return term.of.every(allCommon)
  }
}

const isSaid = (term: Term): term is Said => term.is === 'word' || term.is === 'phrase'
