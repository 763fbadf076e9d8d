import { type Family, familyOf, type IP, ipIn } from '../address/ip.ts'
import type { Service } from '../object/service.ts'

/** The families a Service is of, in its own order; IPv4 where nobody has decided yet. */
export function familiesOf({ spec }: Pick<Service, 'spec'>): readonly Family[] {
  const named = (spec.ipFamilies ?? []).filter(isFamily)
  if (named.length > 0) return named
  const families = clusterIPsOf({ spec }).map(familyOf)
  return families.length > 0 ? families : ['IPv4']
}

/** The cluster IPs of a Service; none where it is headless or waits for one. */
export function clusterIPsOf({ spec }: Pick<Service, 'spec'>): readonly IP[] {
  const { clusterIP, clusterIPs = clusterIP === undefined ? [] : [clusterIP] } = spec
  return clusterIPs.flatMap((text) => ipIn(text) ?? [])
}

function isFamily(text: string): text is Family {
  return text === 'IPv4' || text === 'IPv6'
}
