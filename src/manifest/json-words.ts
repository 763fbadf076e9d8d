import {
  carriageReturn,
  lineFeed,
  openBrace,
  openBracket,
  space,
  tab,
} from '../diagnostic/codes.ts'
import type { Letters } from '../diagnostic/letters.ts'

export function isBracket(letters: Letters, at: number): boolean {
  const letter = letters.code(at)
  return letter === openBrace || letter === openBracket
}

/** Where the next word of JSON begins, or the stretch ends. */
export function afterBlanks(letters: Letters, from: number, end: number): number {
  let at = from
  while (at < end && isBlank(letters.code(at))) at += 1
  return at
}

export function isBlank(letter: number): boolean {
  return letter === space || letter === tab || letter === carriageReturn || letter === lineFeed
}
