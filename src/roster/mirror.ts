import { type Family, familyOf, ipIn } from '../address/ip.ts'
import { type Endpoint, type EndpointSlice, serviceNameLabel } from '../object/endpoint-slice.ts'
import type { EndpointAddress, EndpointSubset, Endpoints } from '../object/endpoints.ts'
import { nameOf } from '../object/metadata.ts'
import { suffixFor } from './suffix.ts'

const skipLabel = 'endpointslice.kubernetes.io/skip-mirror'
const leaderAnnotation = 'control-plane.alpha.kubernetes.io/leader'

/** How many addresses of a subset are mirrored; the others are left out, as in a cluster. */
const mostAddresses = 1000

/** Whether Endpoints stand for a Service at all: some hold a lock, some ask to be left alone. */
export function isMirrored({ labels, annotations }: Endpoints): boolean {
  return labels[skipLabel] !== 'true' && !Object.hasOwn(annotations, leaderAnnotation)
}

/** The slices that Kubernetes' mirroring controller would make of Endpoints. */
export function slicesFromEndpoints(endpoints: Endpoints): readonly EndpointSlice[] {
  const { namespace, name, labels, annotations, subsets } = endpoints
  return subsets.flatMap((subset, index) =>
    families.flatMap((family) => {
      const mirrored = mirror(subset, family)
      if (mirrored.length === 0) return []
      return {
        namespace,
        name: `${name}-${suffixFor(`${nameOf(endpoints)} ${family} ${index}`)}`,
        labels: {
          ...labels,
          [serviceNameLabel]: name,
          'endpointslice.kubernetes.io/managed-by': 'endpointslicemirroring-controller.k8s.io',
        },
        annotations,
        origin: endpoints.origin,
        service: name,
        addressType: family,
        ports: subset.ports,
        endpoints: mirrored,
      }
    }),
  )
}

const families: readonly Family[] = ['IPv4', 'IPv6']

function mirror({ addresses, notReadyAddresses }: EndpointSubset, family: Family): Endpoint[] {
  const ready = addresses.map((address) => endpointOf(address, true))
  const notReady = notReadyAddresses.map((address) => endpointOf(address, false))
  return [...ready, ...notReady].slice(0, mostAddresses).filter(({ address }) => {
    const ip = ipIn(address)
    return ip !== undefined && familyOf(ip) === family
  })
}

/** Only whether it is ready is known; what is not known is as kube-proxy takes it. */
function endpointOf({ ip, nodeName, pod }: EndpointAddress, ready: boolean): Endpoint {
  return {
    address: ip,
    otherAddresses: undefined,
    ready,
    serving: true,
    terminating: false,
    nodeName,
    zone: undefined,
    hints: undefined,
    pod,
  }
}
