import { type Family, familyOf, type IP } from '../../address/ip.ts'
import { isPort } from '../../address/port.ts'
import { Forwarding, type RealServer, type VirtualServer } from '../../table/virtual-server.ts'
import { inetPton6 } from './inet.ts'
import { addRealServer, type Entry, type KernelTable } from './kernel-table.ts'
import { placeOf, type Rule } from './rule.ts'
import { endOfWord } from './rule-words.ts'

/** How a rule was written around its addresses, and what it meant. */
interface Pattern {
  readonly server: VirtualServer
  readonly realServer: RealServer | undefined
  /** From the beginning of the line to the virtual server. */
  readonly before: string
  /** From there to the real server, or to the end of the line. */
  readonly between: string
  /** From there to the end of the line, its line break with it. */
  readonly after: string
  /** Lines that are written so; made when there is a second one. */
  expression: RegExp | undefined
}

/** An address with its port. */
interface Place {
  readonly address: IP
  readonly port: number
}

/**
 * Most rules add a virtual server or a real server just as others before did, and differ in addresses
 * and ports alone: those are read here by an expression, which takes a tenth of the time that a look
 * at every word takes before V8 has optimised it. Whatever is not like that, and whatever would be
 * refused, is left to the reader of words.
 */
export class RowReader {
  readonly #text: string
  readonly #kernel: KernelTable
  readonly #patterns: { service?: Pattern | undefined; realServer?: Pattern | undefined } = {}
  /** The virtual server of the row before, as it is written. */
  #written = ''
  #entry: Entry | undefined

  constructor(text: string, kernel: KernelTable) {
    this.#text = text
    this.#kernel = kernel
  }

  /** Carries out the line that begins at a place, and answers where the next one begins. */
  read(start: number): number | undefined {
    const { service, realServer } = this.#patterns
    const end = this.#endOf(realServer, start)
    if (realServer !== undefined && end !== undefined) {
      return this.#addRealServer(realServer, start, end) ? end : undefined
    }
    const endOfService = this.#endOf(service, start)
    if (service === undefined || endOfService === undefined) return undefined
    return this.#addService(service, start, endOfService) ? endOfService : undefined
  }

  /** Takes note of a line that was carried out otherwise. */
  note(rule: Rule, start: number, end: number): void {
    this.#written = ''
    this.#entry = undefined
    const patterns = this.#patterns
    if (rule.command === 'add-service') {
      patterns.service = again(patterns.service, this.#patternOf(rule, start, end))
    }
    if (rule.command === 'add-server') {
      patterns.realServer = again(patterns.realServer, this.#patternOf(rule, start, end))
    }
  }

  #patternOf(rule: Rule, start: number, end: number): Pattern | undefined {
    const text = this.#text
    const { server, realServer, places } = rule
    if (server === undefined || server.fwmark !== 0 || text[end - 1] !== '\n') return undefined
    const of = placeOf(places, 'service-address')
    const to = realServer === undefined ? of : placeOf(places, 'real-server')
    // What is left out of one address may be taken from the other, and with the word before it none ends.
    if (to.start < of.start || !this.#beginsWord(of.start) || !this.#beginsWord(to.start)) {
      return undefined
    }
    const [ofEnd, toEnd] = [endOfWord(text, of.start), endOfWord(text, to.start)]
    return {
      ...{ server, realServer, expression: undefined },
      before: text.slice(start, of.start),
      between: realServer === undefined ? text.slice(ofEnd, end) : text.slice(ofEnd, to.start),
      after: realServer === undefined ? '' : text.slice(toEnd, end),
    }
  }

  #beginsWord(at: number): boolean {
    return /\s/.test(this.#text.charAt(at - 1))
  }

  /** Where a line ends that is written so. */
  #endOf(pattern: Pattern | undefined, start: number): number | undefined {
    const expression = pattern?.expression
    if (expression === undefined) return undefined
    expression.lastIndex = start
    return expression.test(this.#text) ? expression.lastIndex : undefined
  }

  #addService({ server, before, between }: Pattern, start: number, end: number): boolean {
    const of = start + before.length
    const place = this.#placeAt(of, end - between.length)
    if (place === undefined) return false
    const { address, port } = place
    return this.#kernel.addService({ ...server, address, port }, of) !== undefined
  }

  #addRealServer(pattern: Pattern, start: number, end: number): boolean {
    const text = this.#text
    const { before, between, after, realServer } = pattern
    const of = start + before.length
    const ofEnd = text.indexOf(between.charAt(0), of)
    const entry = this.#entryAt(pattern, of, ofEnd)
    const to = ofEnd + between.length
    const place = this.#placeAt(to, end - after.length)
    if (entry === undefined || place === undefined || realServer === undefined) return false
    const port = realServer.forwarding === Forwarding.masq ? place.port : entry.it.port
    return addRealServer(entry, likeAt(realServer, place.address, port), to)
  }

  /** Nothing where there is none. */
  #entryAt({ server }: Pattern, start: number, end: number): Entry | undefined {
    const text = this.#text
    const written = this.#written
    if (written.length === end - start && text.startsWith(written, start)) return this.#entry
    this.#written = text.slice(start, end)
    const place = this.#placeAt(start, end)
    const { family, protocol, fwmark } = server
    this.#entry = place && this.#kernel.entryOf({ family, protocol, fwmark, ...place })
    return this.#entry
  }

  /** What is written as an expression wants it can still be none. */
  #placeAt(start: number, end: number): Place | undefined {
    const text = this.#text
    const colon = text.lastIndexOf(':', end)
    const port = Number(text.slice(colon + 1, end))
    const address =
      text[start] === '['
        ? inetPton6(text.slice(start + 1, colon - 1))
        : (text.slice(start, colon) as IP)
    return address === undefined || !isPort(port) ? undefined : { address, port }
  }
}

/** A pattern that is there a second time will be there again. */
function again(before: Pattern | undefined, now: Pattern | undefined): Pattern | undefined {
  if (before === undefined || now === undefined || !isWrittenAs(before, now)) return now
  before.expression ??= expressionFor(before)
  return before
}

function isWrittenAs(a: Pattern, b: Pattern): boolean {
  return (
    a.before === b.before &&
    a.between === b.between &&
    a.after === b.after &&
    familyOf(a.server.address) === familyOf(b.server.address) &&
    (a.realServer && familyOf(a.realServer.address)) ===
      (b.realServer && familyOf(b.realServer.address))
  )
}

const octet = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'

/** Addresses with ports, as we would write them. Of another family much else would be otherwise. */
const places: Readonly<Record<Family, string>> = {
  IPv4: `${octet}(?:\\.${octet}){3}:[1-9]\\d{0,4}`,
  IPv6: '\\[[0-9a-fA-F:.]+\\]:[1-9]\\d{0,4}',
}

function expressionFor({ server, realServer, before, between, after }: Pattern): RegExp {
  const of = places[familyOf(server.address)]
  const to = realServer === undefined ? '' : places[familyOf(realServer.address)]
  return new RegExp(literal(before) + of + literal(between) + to + literal(after), 'y')
}

function literal(text: string): string {
  return text.replace(/[^\w\s]/g, '\\$&')
}

/** One that is like another but for where it is. */
function likeAt(real: RealServer, address: IP, port: number): RealServer {
  const { forwarding, weight, upperThreshold, lowerThreshold, tunnel } = real
  return { address, port, forwarding, weight, upperThreshold, lowerThreshold, tunnel }
}
