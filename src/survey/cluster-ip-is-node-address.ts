import { ipIn } from '../address/ip.ts'
import { clusterIPIsNodeAddress } from '../diagnostic/complaints.ts'
import type { Report } from '../diagnostic/diagnostic.ts'
import { clusterIPField, clusterIPsOf } from '../object/validate-cluster-ips.ts'
import { at, type Surveyed } from './surveyed.ts'

/** A cluster IP is not the address of a node. */
export function clusterIPNotOfNode({ cluster, nodeAddresses }: Surveyed, report: Report): void {
  if (nodeAddresses.size === 0) return
  for (const service of cluster.services) {
    if (service.spec.type === 'ExternalName') continue
    for (const [index, text] of clusterIPsOf(service.spec).entries()) {
      const ip = ipIn(text)
      const owner = ip && nodeAddresses.get(ip)
      if (owner === undefined) continue
      const { path } = clusterIPField(service.spec, index)
      report(clusterIPIsNodeAddress(text, owner).at(at(service, path)))
    }
  }
}
