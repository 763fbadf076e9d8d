import { parseIP, readIP } from '../../address/ip.ts'
import { isPort, isProtocol, protocols } from '../../address/port.ts'
import { quote } from '../../object/go-text.ts'
import type { Packet } from '../../table/way.ts'
import type { Flow } from '../../terrain/course.ts'

/** Whether a text is about an address, whether or not it is written as it should be. */
export function isAboutPacket(text: string): boolean {
  return text.includes(':') || text.includes('->') || readIP(text) !== undefined
}

/** Reads `198.51.100.1 -> 192.0.2.1:80`; a sentence where it is none, nothing where it is no flow. */
export function parseFlow(text: string): Flow | string | undefined {
  const [from, to, ...more] = text.split('->').map((part) => part.trim())
  if (from === undefined || to === undefined) return undefined
  if (more.length > 0) return `${quote(text)} is no flow from one address to another`
  const source = parseIP(from.replace(/^\[(.*)\]$/, '$1'))
  if (source === undefined) return `${quote(from)} is no IP address`
  const packet = parsePacket(to)
  if (typeof packet === 'string') return packet
  if (packet.address.includes(':') === source.includes(':')) return { source, packet }
  return `${source} and ${packet.address} are of two families`
}

/** Reads `192.0.2.1:80`, `192.0.2.1:53/udp` or `[2001:db8::1]:80`; a sentence where it is none. */
export function parsePacket(text: string): Packet | string {
  const match = /^(?:\[([^\]]*)\]|([^:/]*)):([0-9]+)(?:\/([a-z]+))?$/i.exec(text)
  if (match === null) return `${quote(text)} is no address and port`
  const [, bracketed, bare = '', digits, suffix = 'TCP'] = match
  const written = bracketed ?? bare
  const address = parseIP(written)
  if (address === undefined || address.includes(':') !== (bracketed !== undefined)) {
    return `${quote(written)} is no IP address`
  }
  const port = Number(digits)
  if (!isPort(port)) return `${digits} is no port: ports go from 1 to 65535`
  const protocol = suffix.toUpperCase()
  if (!isProtocol(protocol))
    return `${quote(suffix)} is none of ${protocols.join(', ').toLowerCase()}`
  return { protocol, address, port }
}
