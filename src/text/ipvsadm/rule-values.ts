import type { IP } from '../../address/ip.ts'
import { protocolNames } from '../../table/virtual-server.ts'
import { inetAton, inetPton6 } from './inet.ts'
import type { Word } from './rule-words.ts'

/** How names in rules become numbers. */
export interface Lookup {
  /** The IPv4 address of a host. Without it, a host name in a rule is refused. */
  readonly host?: ((name: string) => IP | undefined) | undefined
  /** The port of a service, such as `http` of `TCP`. */
  readonly port: (name: string, protocol: string) => number | undefined
}

/** A whole number as strtol reads it: blanks and a sign may stand before it, nothing behind. */
export function wholeNumber(text: string, least: number, most: number): number | undefined {
  if (!/^[\t-\r ]*[+-]?\d+$/.test(text)) return undefined
  const number = Number(text) + 0
  return number >= least && number <= most ? number : undefined
}

/** A number as atoi reads it: what is none is 0, and only 32 bits of it are kept. */
export function looseNumber(text: string): number {
  const [digits = '0'] = /^[\t-\r ]*[+-]?\d+/.exec(text) ?? []
  const most = 2n ** 63n - 1n
  const number = BigInt(digits.trim().replace('+', ''))
  return Number(BigInt.asUintN(32, number > most ? most : number < -most ? -most - 1n : number))
}

export interface End {
  readonly address: IP
  /** Absent where none is given. */
  readonly port: number | undefined
}

/** What of an address and port cannot be understood, and why. */
export interface Misfit {
  readonly part: Word
  readonly why: string
  /** A name that would have to be looked up. */
  readonly isName: boolean
}

/**
 * Reads `host[:port]` as ipvsadm does: IPv6 in brackets has to have a port and bare has none, IPv4
 * in brackets loses its port, and a mere number is no address.
 */
export function parseEnd(word: Word, protocol: number, lookup: Lookup): End | Misfit {
  const { text } = word
  if (/^\d*$/.test(text)) return misfit(word, 'an address is missing')
  if (text.startsWith('[')) return parseBracketed(word, protocol, lookup)
  const bare = inetPton6(text)
  if (bare !== undefined) return { address: bare, port: undefined }
  return parseHostAndPort(word, protocol, lookup)
}

function parseBracketed(word: Word, protocol: number, lookup: Lookup): End | Misfit {
  const { text, start } = word
  const close = text.indexOf(']')
  if (close < 0) return misfit(word, 'the bracket is not closed')
  if (text[close + 1] !== ':') return misfit(word, 'a port is missing behind the bracket')
  const inner = { text: text.slice(1, close), start: start + 1 }
  const address = inetPton6(inner.text)
  // What ipvsadm takes for a port must stand within the brackets now.
  if (address === undefined) return parseHostAndPort(inner, protocol, lookup)
  const port = { text: text.slice(close + 2), start: start + close + 2 }
  return withPort(address, port, protocol, lookup)
}

function parseHostAndPort(word: Word, protocol: number, lookup: Lookup): End | Misfit {
  const { text, start } = word
  const colon = text.lastIndexOf(':')
  const host = colon < 0 ? word : { text: text.slice(0, colon), start }
  const address = parseHost(host, lookup)
  if (typeof address !== 'string' || colon < 0) {
    return typeof address === 'string' ? { address, port: undefined } : address
  }
  const port = { text: text.slice(colon + 1), start: start + colon + 1 }
  return withPort(address, port, protocol, lookup)
}

/** An IPv4 address in any form that inet_aton reads, or the name of a host. */
export function parseHost(word: Word, lookup: Lookup): IP | Misfit {
  const address = inetAton(word.text)
  if (address !== undefined) return address
  // glibc asks nobody for what looks like an address.
  if (!/^[\w.-]*[a-z][\w.-]*$/i.test(word.text)) return misfit(word, 'not an address')
  if (lookup.host === undefined) return { part: word, why: 'the name of a host', isName: true }
  return lookup.host(word.text) ?? misfit(word, 'no such host')
}

function withPort(address: IP, word: Word, protocol: number, lookup: Lookup): End | Misfit {
  const { text } = word
  const name = protocolNames.get(protocol)
  const number = wholeNumber(text, 0, 65535)
  const port = number ?? (name === undefined ? undefined : lookup.port(text, name))
  if (port !== undefined) return { address, port }
  if (text === '') return misfit(word, 'a port is missing')
  return misfit(word, /^\d+$/.test(text) ? 'not a port' : 'not the name of a port')
}

function misfit(part: Word, why: string): Misfit {
  return { part, why, isName: false }
}
