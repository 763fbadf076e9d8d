import { loadBalancerClassUnserved } from '../diagnostic/complaints.ts'
import type { Report } from '../diagnostic/diagnostic.ts'
import { at, type Surveyed } from './surveyed.ts'

/** A Service leaves its load balancer to IPVS. */
export function loadBalancerIsOurs({ cluster }: Surveyed, report: Report): void {
  for (const service of cluster.services) {
    const { type, loadBalancerClass } = service.spec
    if (type !== 'LoadBalancer' || loadBalancerClass === undefined) continue
    const place = at(service, ['spec', 'loadBalancerClass'])
    report(loadBalancerClassUnserved(loadBalancerClass).at(place))
  }
}
