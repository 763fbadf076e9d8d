import type { Said } from '../diagnostic/complaint.ts'
import { tooDeep, tooManyValues } from '../diagnostic/complaints.ts'
import type { LongList, LongLists } from './document.ts'
import { deepest, mostValues } from './limits.ts'

// JSON.parse is the fastest reader there is, but it takes one text for one value, knows no limits,
// and lets the last of two equal keys win in silence. One quick look over the text beforehand finds
// where the value ends and how many keys it has: fewer keys in what JSON.parse made of it tell of
// a repeated one. What is wrong, and where, is found in json-faults.ts when something is.

/** What a value of JSON was read into, and what the text held beside it. */
export interface ReadJSON {
  readonly value: unknown
  readonly end: number
  /** Some keys are repeated, or some numbers are too large: json-faults.ts knows which. */
  readonly faulty: boolean
  readonly lists: LongLists
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
  text: string,
  start: number,
  end: number,
): ReadJSON | BeyondLimit | undefined {
  const look = lookOver(text, start, end)
  if (look === undefined || 'said' in look) return look
  const value = parse(text.slice(start, look.end), look.halves)
  if (value === undefined) return undefined
  const faulty = keysIn(value) !== look.keys
  return { value, end: look.end, faulty, lists: look.lists }
}

interface Look {
  readonly end: number
  readonly keys: number
  /** Whether escapes may stand for halves of letters. */
  readonly halves: boolean
  readonly lists: LongLists
}

const quote = 34
const comma = 44
const colon = 58
const openBracket = 91
const backslash = 92
const closeBracket = 93
const openBrace = 123
const closeBrace = 125

/** Shorter lists are found again fast enough. */
const long = 64

/**
 * Finds the bracket that closes the one at `start`; strings are stepped over, nothing is checked.
 * Lists of objects right within that are taken note of on the way.
 */
function lookOver(text: string, start: number, end: number): Look | BeyondLimit | undefined {
  const lists = new Map<number, LongList>()
  let items: number[] = []
  let opened = start
  let commas = 0
  let depth = 0
  let keys = 0
  let values = 0
  let halves = false
  for (let at = start; at < end; at++) {
    let letter = text.charCodeAt(at)
    while (letter === 32) letter = text.charCodeAt(++at)
    if (letter === quote) {
      for (letter = text.charCodeAt(++at); letter !== quote; letter = text.charCodeAt(++at)) {
        if (letter === backslash) {
          at += 1
          halves ||= text.charCodeAt(at) === 117 && (text.charCodeAt(at + 1) | 32) === 100
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
      if (depth === 3) items.push(at)
      else if (depth === 2) {
        opened = at
        items = []
        commas = 0
      }
      if (depth > deepest) return { at, said: tooDeep(deepest) }
      if (values > mostValues) return { at, said: tooManyValues(mostValues) }
    } else if (letter === closeBrace || letter === closeBracket) {
      depth -= 1
      if (depth === 0) return { end: at + 1, keys, halves, lists }
      if (depth === 1 && letter === closeBracket && items.length > long) {
        if (commas === items.length - 1) lists.set(opened, { items, end: at + 1 })
      }
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
