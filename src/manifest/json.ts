import {
  backslash,
  closeBrace,
  closeBracket,
  colon,
  comma,
  doubleQuote,
  lineFeed,
  openBrace,
  openBracket,
  space,
} from '../diagnostic/codes.ts'
import type { Said } from '../diagnostic/complaint.ts'
import { tooDeep, tooManyValues } from '../diagnostic/complaints.ts'
import type { Letters } from '../diagnostic/letters.ts'
import type { Line } from '../diagnostic/source.ts'
import type { LongList, LongLists } from './document.ts'
import { deepest, longestFlow, mostValues } from './limits.ts'

// JSON.parse is the fastest reader there is, but it takes one text for one value, knows no limits,
// and lets the last of two equal keys win in silence. One quick look over the text beforehand finds
// where the value ends and how many keys it has: fewer keys in what JSON.parse made of it tell of
// a repeated one. What is wrong, and where, is found in json-faults.ts when something is.

/** What a value of JSON was read into, and what the text held beside it. */
export interface ReadJSON {
  readonly value: unknown
  /** The items of a very long List, which are not in the value then. */
  readonly items?: UnreadItems | undefined
  readonly end: number
  /** Some keys are repeated, or some numbers are too large: json-faults.ts knows which. */
  readonly faulty: boolean
  readonly lists: LongLists
}

/** The items of a list that are read one by one, so that each can be let go of before the next. */
export interface UnreadItems {
  readonly length: number
  /** Nothing where it is no JSON. */
  readonly read: (index: number) => ReadItem | undefined
}

interface ReadItem {
  readonly value: unknown
  readonly faulty: boolean
  /** Where it begins; its line is counted from the beginning of the document. */
  readonly place: Line & { readonly offset: number }
}

/** Where the reading had to stop before it began. */
export interface BeyondLimit {
  readonly at: number
  readonly said: Said
}

/**
 * Reads the value of JSON that begins at an offset, a bracket. Other values may follow. The answer
 * is `undefined` when the text is no JSON.
 */
export function readJSON(
  letters: Letters,
  start: number,
  end: number,
): ReadJSON | BeyondLimit | undefined {
  const look = lookOver(letters, start, end)
  return look === undefined || 'said' in look ? look : readWhole(letters, start, look)
}

/** The same, but the items of a very long List are left to be read one by one. */
export function readJSONLazily(
  letters: Letters,
  start: number,
  end: number,
): ReadJSON | BeyondLimit | undefined {
  const look = lookOver(letters, start, end)
  if (look === undefined || 'said' in look) return look
  return readFrame(letters, start, look) ?? readWhole(letters, start, look)
}

function readWhole(letters: Letters, start: number, look: Look): ReadJSON | undefined {
  const { end, keys, halves, lists } = look
  const value = parse(letters.slice(start, end), halves)
  return value === undefined ? undefined : { value, end, lists, faulty: keysIn(value) !== keys }
}

/** Reads what is around the items of a List. Nothing where there is no such list, or anything is odd. */
function readFrame(letters: Letters, start: number, look: Look): ReadJSON | undefined {
  const { end, lists, halves } = look
  const [found] = lists
  if (found === undefined || lists.size > 1 || end - start <= longestFlow) return undefined
  const [opened, list] = found
  if (!/[{,\s]"items"\s*:\s*$/.test(letters.slice(Math.max(start, opened - 64), opened)))
    return undefined
  const value = parse(letters.slice(start, opened + 1) + letters.slice(list.end - 1, end), halves)
  const keys = list.keys.reduce((sum, count) => sum + count, 0)
  if (value === undefined || keysIn(value) !== look.keys - keys) return undefined
  const items = unreadItems(letters, list, halves)
  // What is wrong near the beginning may be YAML of the same brackets: that is found out at once.
  for (let index = 0; (list.ends[index] ?? end) - start < longestFlow; index++) {
    if (items.read(index) === undefined) return undefined
  }
  return { value, items, end, lists, faulty: false }
}

function unreadItems(
  letters: Letters,
  { items, ends, keys, lines, starts }: LongList,
  halves: boolean,
): UnreadItems {
  return {
    length: items.length,
    read: (index) => {
      const offset = items[index] ?? 0
      const value = parse(letters.slice(offset, ends[index] ?? 0), halves)
      if (value === undefined) return undefined
      const place = { offset, line: lines[index] ?? 0, start: starts[index] ?? 0 }
      return { value, faulty: keysIn(value) !== keys[index], place }
    },
  }
}

interface Look {
  readonly end: number
  readonly keys: number
  /** Whether escapes may stand for halves of letters. */
  readonly halves: boolean
  readonly lists: LongLists
}

/** Shorter lists are found again fast enough. */
const long = 64

/**
 * Finds the bracket that closes the one at `start`; strings are stepped over, nothing is checked.
 * Lists of objects right within that are taken note of on the way.
 */
function lookOver(letters: Letters, start: number, end: number): Look | BeyondLimit | undefined {
  const lists = new Map<number, LongList>()
  let items: number[] = []
  let ends: number[] = []
  let counts: number[] = []
  let lines: number[] = []
  let starts: number[] = []
  let line = 0
  let lineStart = start
  let keysBefore = 0
  let opened = start
  let commas = 0
  let depth = 0
  let keys = 0
  let values = 0
  let halves = false
  for (let at = start; at < end; at++) {
    let letter = letters.code(at)
    while (letter === space) letter = letters.code(++at)
    if (letter === doubleQuote) {
      for (letter = letters.code(++at); letter !== doubleQuote; letter = letters.code(++at)) {
        if (letter === backslash) {
          at += 1
          halves ||= letters.code(at) === 117 && (letters.code(at + 1) | 32) === 100
        }
        if (at >= end) return undefined
      }
    } else if (letter === colon) keys += 1
    else if (letter === comma) {
      values += 1
      if (depth === 2) commas += 1
    } else if (letter === openBrace || letter === openBracket) {
      depth += 1
      values += 1
      if (depth === 3) {
        items.push(at)
        lines.push(line)
        starts.push(lineStart)
        keysBefore = keys
      } else if (depth === 2) {
        opened = at
        items = []
        ends = []
        counts = []
        lines = []
        starts = []
        commas = 0
      }
      if (depth > deepest) return { at, said: tooDeep(deepest) }
      if (values > mostValues) return { at, said: tooManyValues(mostValues) }
    } else if (letter === closeBrace || letter === closeBracket) {
      depth -= 1
      if (depth === 2) {
        ends.push(at + 1)
        counts.push(keys - keysBefore)
      } else if (depth === 0) return { end: at + 1, keys, halves, lists }
      else if (depth === 1 && letter === closeBracket && items.length > long) {
        if (commas === items.length - 1)
          lists.set(opened, { items, ends, keys: counts, lines, starts, end: at + 1 })
      }
    } else if (letter === lineFeed) {
      line += 1
      lineStart = at + 1
    }
  }
  return undefined
}

function parse(text: string, halves: boolean): unknown {
  try {
    return halves ? JSON.parse(text, withWholeLetters) : JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Go, and so kubectl, has no strings with half a letter: it puts the replacement for one there. */
function withWholeLetters(_: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replace(/\p{Surrogate}/gu, '\ufffd') : value
}

/** How many keys all the objects of a value have; not a number where a number is none. */
function keysIn(value: unknown): number {
  if (typeof value === 'number') return Number.isFinite(value) ? 0 : Number.NaN
  if (typeof value !== 'object' || value === null) return 0
  let keys = 0
  if (Array.isArray(value)) {
    for (const item of value) keys += keysIn(item)
    return keys
  }
  for (const key in value) keys += 1 + keysIn((value as Record<string, unknown>)[key])
  return keys
}
