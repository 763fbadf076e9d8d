import { type Family, ipFromWords } from '../../address/ip.ts'

/** `255.255.255.0` for IPv4, the length of a prefix for IPv6. */
export function printNetmask(family: Family, netmask: number): string {
  return family === 'IPv4' ? ipFromWords([netmask >>> 0]) : String(netmask | 0)
}
