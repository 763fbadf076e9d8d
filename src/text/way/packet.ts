import { parseIP, readIP } from '../../address/ip.ts'
import { isPort, isProtocol, protocols } from '../../address/port.ts'
import { quote } from '../../object/go-text.ts'
import type { Packet } from '../../table/way.ts'

/** Whether a text is about an address, whether or not it is written as it should be. */
export function isAboutPacket(text: string): boolean {
  return text.includes(':') || readIP(text) !== undefined
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
