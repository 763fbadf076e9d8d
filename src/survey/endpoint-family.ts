import { familyOf, ipIn } from '../address/ip.ts'
import { endpointFamily } from '../diagnostic/complaints.ts'
import type { Report } from '../diagnostic/diagnostic.ts'
import type { Path } from '../manifest/document.ts'
import type { EndpointSlice } from '../object/endpoint-slice.ts'
import type { Endpoints } from '../object/endpoints.ts'
import type { Service } from '../object/service.ts'
import { at, type Surveyed } from './surveyed.ts'

/** Endpoints are of a family that their Service has. */
export function endpointsHaveFamily({ written }: Surveyed, report: Report): void {
  for (const { kind, object, service } of written) {
    const families = service && statedFamilies(service)
    if (service === undefined || families === undefined) continue
    const stranger =
      kind === 'EndpointSlice' ? strangerBy(object, families) : strangerIn(object, families)
    if (stranger === undefined) continue
    const said = endpointFamily(kind, stranger.family, service.name, families)
    report(said.at(at(object, stranger.path)))
  }
}

interface Stranger {
  readonly family: string
  readonly path: Path
}

/**
 * The families that a Service says itself; where it leaves that to the cluster, or takes whatever
 * the cluster has, no endpoint is wrong.
 */
function statedFamilies(service: Service): readonly string[] | undefined {
  const { type, ipFamilyPolicy, ipFamilies, clusterIP, clusterIPs = [] } = service.spec
  if (type === 'ExternalName') return undefined
  if (ipFamilyPolicy !== undefined && ipFamilyPolicy !== 'SingleStack') return undefined
  if (ipFamilies !== undefined) return ipFamilies
  const ips = (clusterIPs.length > 0 ? clusterIPs : [clusterIP ?? '']).flatMap(
    (text) => ipIn(text) ?? [],
  )
  return ips.length === 0 ? undefined : ips.map(familyOf)
}

function strangerBy(
  { addressType: family }: EndpointSlice,
  families: readonly string[],
): Stranger | undefined {
  const isStrange = (family === 'IPv4' || family === 'IPv6') && !families.includes(family)
  return isStrange ? { family, path: ['addressType'] } : undefined
}

function strangerIn({ subsets }: Endpoints, families: readonly string[]): Stranger | undefined {
  for (const [subset, { addresses }] of subsets.entries()) {
    for (const [index, { ip: text }] of addresses.entries()) {
      const ip = ipIn(text)
      if (ip === undefined || families.includes(familyOf(ip))) continue
      return { family: familyOf(ip), path: ['subsets', subset, 'addresses', index, 'ip'] }
    }
  }
  return undefined
}
