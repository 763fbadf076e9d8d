import { blockAround, type CIDR, contains, parseCIDR } from '../address/cidr.ts'
import { familyOf, type IP, ipIn } from '../address/ip.ts'
import type { Service } from '../object/service.ts'

/** What kubeadm's documents give to a cluster of both families. */
const usual = ['10.96.0.0/12', 'fd00:10:96::/112']

/**
 * The blocks that Services have their addresses from where nobody says which: the usual ones, or
 * others that hold all addresses that are written, since those come from a cluster that has them.
 */
export function likelyBlocks(services: readonly Service[]): readonly CIDR[] {
  const written = services.flatMap(writtenIn)
  const cidrs = usual.flatMap((text) => parseCIDR(text) ?? [])
  return cidrs.map((cidr) => {
    const its = written.filter((ip) => familyOf(ip) === familyOf(cidr.base))
    if (its.every((ip) => contains(cidr, ip))) return cidr
    return blockAround(its, familyOf(cidr.base) === 'IPv4' ? 16 : 112) ?? cidr
  })
}

function writtenIn({ spec: { clusterIP = '', clusterIPs = [] } }: Service): IP[] {
  const texts = clusterIPs.length > 0 ? clusterIPs : [clusterIP]
  return texts.flatMap((text) => ipIn(text) ?? [])
}
