import { cloudAnnotation } from '../diagnostic/complaints.ts'
import type { Report } from '../diagnostic/diagnostic.ts'
import { at, type Surveyed } from './surveyed.ts'

/** Annotations ask for something that IPVS can do. */
export function annotationsAreAnswered({ cluster }: Surveyed, report: Report): void {
  for (const service of cluster.services) {
    const names = Object.keys(service.annotations).filter(isOfCloud)
    const [first] = names
    if (first === undefined) continue
    const place = at(service, ['metadata', 'annotations', first], 'key')
    report(cloudAnnotation(names).at(place))
  }
}

/** Which Kubernetes itself reads, for all clouds alike. */
const ranges = 'service.beta.kubernetes.io/load-balancer-source-ranges'

function isOfCloud(name: string): boolean {
  return name !== ranges && prefixes.some((prefix) => name.startsWith(prefix))
}

/** What the controllers of clouds and of load balancers look for on a Service. */
const prefixes: readonly string[] = [
  'service.beta.kubernetes.io/',
  'service.kubernetes.io/ibm-load-balancer-',
  'service.kubernetes.io/qcloud-',
  'cloud.google.com/',
  'networking.gke.io/',
  'load-balancer.hetzner.cloud/',
  'loadbalancer.openstack.org/',
  'metallb.io/',
  'metallb.universe.tf/',
  'kube-vip.io/',
  'lbipam.cilium.io/',
  'io.cilium/lb-ipam-',
  'tailscale.com/',
]
