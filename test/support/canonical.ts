import { withPort } from '../../src/address/ip.ts'
import {
  Flag,
  identityOf,
  type RealServer,
  type Table,
  type VirtualServer,
} from '../../src/table/virtual-server.ts'

/** A table as one text for each virtual server, whatever order the kernel has them in. */
export function canonical(table: Table): string[] {
  return table.map(canonicalServer).sort()
}

export function canonicalServer(server: VirtualServer): string {
  const { scheduler, flags, timeout, netmask, engine = '', realServers } = server
  const settings = [scheduler, flags & ~Flag.hashed, timeout, netmask, engine].join(' ')
  return [`${identityOf(server)} ${settings}`, ...realServers.map(canonicalReal).sort()].join('\n')
}

export function canonicalReal(real: RealServer): string {
  const { weight, forwarding, upperThreshold, lowerThreshold, tunnel } = real
  const { type, port, flags } = tunnel ?? { type: 0, port: 0, flags: 0 }
  const place = withPort(real.address, real.port)
  return [place, weight, forwarding, upperThreshold, lowerThreshold, type, port, flags].join(' ')
}

/** Rules as ipvsadm prints them, in the order of letters. */
export function rulesIn(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .sort()
}
