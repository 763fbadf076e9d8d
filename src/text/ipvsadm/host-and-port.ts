import { type IP, withPort } from '../../address/ip.ts'
import type { VirtualServer } from '../../table/virtual-server.ts'
import { inetNtop } from './inet.ts'

/** What a host calls its addresses and ports: where `-n` is not given, ipvsadm prints names. */
export interface Names {
  readonly host: (ip: IP) => string | undefined
  /** `protocol` as numbered by IANA. */
  readonly port: (port: number, protocol: number) => string | undefined
}

/** `10.0.0.1:80`, `[2001:db8::1]:80`, or the same by name. */
export function hostAndPort(
  ip: IP,
  port: number,
  protocol: number,
  names: Names | undefined,
): string {
  if (names === undefined)
    return ip.startsWith('::') ? `[${inetNtop(ip)}]:${port}` : withPort(ip, port)
  const host = names.host(ip) ?? inetNtop(ip)
  const service = names.port(port, protocol) ?? port
  const text = ip.includes(':') ? `[${host}]:${service}` : `${host}:${service}`
  return text.slice(0, longest)
}

// ipvsadm writes it into 60 bytes, the last of them NUL. A long name can swallow the port.
const longest = 59

/** A firewall mark has no protocol, so that the ports of its real servers have no names. */
export function protocolOf({ fwmark, protocol }: VirtualServer): number {
  return fwmark === 0 ? protocol : 0
}
