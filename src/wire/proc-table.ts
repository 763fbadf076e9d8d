import { familyOf, type IP, ipFromWords, wordOfIPv4 } from '../address/ip.ts'
import {
  type Connections,
  Forwarding,
  protocolNames,
  type RealServer,
  type VirtualServer,
} from '../table/virtual-server.ts'

/** What is made of the rows of one virtual server after another. */
export interface ProcRows<T> {
  /** Takes the row that the cursor stands at. */
  readonly take: (cursor: Cursor) => void
  /** What was made of the rows since this was asked last. */
  readonly done: () => T
}

/**
 * Goes through the text of /proc/net/ip_vs, which lists virtual servers and their real servers in the
 * order in which the kernel dumps them. The text comes in pieces that end anywhere, and is long:
 * what is a number is not made a string first. It knows no thresholds, no tunnels and no persistent
 * connections.
 */
export class ProcTableReader<T> {
  readonly #servers: readonly VirtualServer[]
  readonly #rows: ProcRows<T>
  readonly #found: T[] = []
  #begun = 0
  #lines = 0
  #matches = true

  constructor(servers: readonly VirtualServer[], rows: ProcRows<T>) {
    this.#servers = servers
    this.#rows = rows
  }

  /** Reads the lines that are whole; answers how many bytes that were. */
  read(text: Uint8Array): number {
    const cursor: Cursor = { text, at: 0, end: 0 }
    for (let start = 0; ; start = cursor.end + 1) {
      cursor.at = start
      cursor.end = text.indexOf(newLine, start)
      if (cursor.end < 0 || !this.#matches) return start
      this.#lines += 1
      if (this.#lines <= titles) continue
      if (text[start] === blank) this.#rows.take(cursor)
      else this.#begin(cursor)
    }
  }

  /**
   * What was made of the rows of each virtual server. Nothing where the text tells of other virtual
   * servers: then the table has changed in between, or another network namespace has virtual
   * servers too, which the kernel (up to 6.1 at least) mixes up when it goes on after 4 kB.
   */
  finish(): readonly T[] | undefined {
    this.#end()
    return this.#matches && this.#found.length === this.#servers.length ? this.#found : undefined
  }

  #begin(cursor: Cursor): void {
    this.#end()
    const server = this.#servers[this.#begun]
    this.#begun += 1
    this.#matches = server !== undefined && isOf(cursor, server)
  }

  #end(): void {
    if (this.#begun > this.#found.length) this.#found.push(this.#rows.done())
  }
}

/** Rows as real servers. */
export class RealServerRows implements ProcRows<readonly RealServer[]> {
  #realServers: RealServer[] = []

  take(cursor: Cursor): void {
    this.#realServers.push(readRealServer(cursor))
  }

  done(): readonly RealServer[] {
    const done = this.#realServers
    this.#realServers = []
    return done
  }
}

export interface Cursor {
  readonly text: Uint8Array
  at: number
  /** Where the line ends that it is in. */
  end: number
}

const titles = 3

const newLine = 10
const blank = 32
const minus = 45
export const zero = 48
const colon = 58
export const bracket = 91

/** Is the line about this virtual server? */
function isOf(cursor: Cursor, { fwmark, protocol, address, port }: VirtualServer): boolean {
  if (skipped(cursor, 'FWM')) return readHex(cursor) === fwmark
  const expected = protocolNames.get(protocol)
  if (fwmark !== 0 || (expected !== undefined && !skipped(cursor, expected))) return false
  if (expected === undefined) skipWord(cursor)
  skipBlanks(cursor)
  // Most lines are read here to be compared, so no text is made of an address of one word.
  if (cursor.text[cursor.at] === bracket || familyOf(address) === 'IPv6') {
    return readAddress(cursor) === address && readHex(cursor) === port
  }
  return readHex(cursor) === wordOfIPv4(address) && readHex(cursor) === port
}

/** Goes behind a word if it stands here. */
function skipped(cursor: Cursor, word: string): boolean {
  const { text, at } = cursor
  for (let i = 0; i < word.length; i++) if (text[at + i] !== word.charCodeAt(i)) return false
  if ((text[at + word.length] ?? 0) > blank) return false
  cursor.at += word.length
  return true
}

function skipWord(cursor: Cursor): void {
  while ((cursor.text[cursor.at] ?? 0) > blank) cursor.at += 1
}

const idle: Connections = { active: 0, inactive: 0, persistent: 0 }

export const arrow = '  -> '

/** `  -> 0AF40232:0050      Masq    1      1          3         ` */
function readRealServer(cursor: Cursor): RealServer {
  cursor.at += arrow.length
  const address = readAddress(cursor)
  const port = readHex(cursor)
  const forwarding = readForwarding(cursor)
  const weight = readDecimal(cursor)
  const active = readDecimal(cursor)
  const inactive = readDecimal(cursor)
  return {
    address,
    port,
    forwarding,
    weight,
    upperThreshold: 0,
    lowerThreshold: 0,
    tunnel: undefined,
    // Tables are large, and most real servers have nothing to do at any one time.
    connections: active === 0 && inactive === 0 ? idle : { active, inactive, persistent: 0 },
  }
}

/** `Masq`, `Local`, `Tunnel` and `Route` differ in their first letters. */
function readForwarding(cursor: Cursor): number {
  skipBlanks(cursor)
  const letter = cursor.text[cursor.at]
  skipWord(cursor)
  if (letter === 77) return Forwarding.masq
  if (letter === 82) return Forwarding.route
  return letter === 84 ? Forwarding.tunnel : Forwarding.local
}

/** `0A600001`, or eight groups of four digits in brackets. */
export function readAddress(cursor: Cursor): IP {
  skipBlanks(cursor)
  if (cursor.text[cursor.at] !== bracket) return ipFromWords([readHex(cursor)])
  const words: number[] = []
  while (words.length < 4) {
    const high = readHex(cursor)
    words.push(high * 65536 + readHex(cursor))
  }
  cursor.at += 1
  return ipFromWords(words)
}

/** Hexadecimal digits after blanks, a bracket or a colon; the kernel writes both cases of letters. */
export function readHex(cursor: Cursor): number {
  const { text } = cursor
  let { at } = cursor
  while (digitOf(text[at] ?? zero) < 0) at += 1
  let value = 0
  for (let digit = digitOf(text[at] ?? 0); digit >= 0; digit = digitOf(text[at] ?? 0)) {
    value = value * 16 + digit
    at += 1
  }
  cursor.at = at
  return value
}

function digitOf(code: number): number {
  if (code >= zero && code < colon) return code - zero
  const letter = (code | 0x20) - 87
  return letter >= 10 && letter <= 15 ? letter : -1
}

function readDecimal(cursor: Cursor): number {
  skipBlanks(cursor)
  const { text } = cursor
  let { at } = cursor
  const negative = text[at] === minus
  if (negative) at += 1
  let value = 0
  for (let code = text[at] ?? 0; code >= zero && code < colon; code = text[at] ?? 0) {
    value = value * 10 + code - zero
    at += 1
  }
  cursor.at = at
  return negative ? -value : value
}

export function skipBlanks(cursor: Cursor): void {
  while (cursor.text[cursor.at] === blank) cursor.at += 1
}
