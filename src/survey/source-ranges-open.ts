import { readCIDR } from '../address/cidr.ts'
import { type Family, familyOf } from '../address/ip.ts'
import { sourceRangesOpen } from '../diagnostic/complaints.ts'
import type { Report } from '../diagnostic/diagnostic.ts'
import type { Path } from '../manifest/document.ts'
import type { Service } from '../object/service.ts'
import { at, type Surveyed } from './surveyed.ts'

const annotation = 'service.beta.kubernetes.io/load-balancer-source-ranges'

/** Source ranges are given for each family of a Service: a family without any is open to all. */
export function sourceRangesCoverFamilies({ cluster }: Surveyed, report: Report): void {
  for (const service of cluster.services) {
    if (service.spec.type !== 'LoadBalancer' || !hasBothFamilies(service)) continue
    const { ranges, path } = sourceRanges(service)
    const families = new Set(ranges.flatMap((text) => familyIn(text) ?? []))
    const [given] = families
    if (given === undefined || families.size > 1) continue
    const open = given === 'IPv4' ? 'IPv6' : 'IPv4'
    report(sourceRangesOpen(given, open).at(at(service, path, 'key')))
  }
}

/** Also where a Service takes as many families as the cluster has. */
function hasBothFamilies({ spec }: Service): boolean {
  const { ipFamilies = [], clusterIPs = [], ipFamilyPolicy = 'SingleStack' } = spec
  return ipFamilies.length > 1 || clusterIPs.length > 1 || ipFamilyPolicy !== 'SingleStack'
}

/** The annotation counts only where the field is empty. */
function sourceRanges({ spec, annotations }: Service): {
  readonly ranges: readonly string[]
  readonly path: Path
} {
  const { loadBalancerSourceRanges: ranges = [] } = spec
  if (ranges.length > 0) return { ranges, path: ['spec', 'loadBalancerSourceRanges'] }
  const written = annotations[annotation] ?? ''
  return { ranges: written.split(','), path: ['metadata', 'annotations', annotation] }
}

function familyIn(text: string): Family | undefined {
  const cidr = readCIDR(text.trim())?.cidr
  return cidr && familyOf(cidr.base)
}
