import { familyOf, ipIn } from '../address/ip.ts'
import { isSimulated, annotations as ours } from '../object/annotation.ts'
import type { Endpoint, EndpointSlice, SlicePort } from '../object/endpoint-slice.ts'
import type {
  EndpointAddress,
  EndpointPort,
  EndpointSubset,
  Endpoints,
} from '../object/endpoints.ts'
import { nameOf } from '../object/metadata.ts'
import type { Service } from '../object/service.ts'
import { familiesOf } from './families.ts'
import { answerOf, type Roster } from './roster.ts'

/** How many addresses Endpoints hold; Kubernetes cuts off the others, and says so. */
const mostAddresses = 1000

/** The Endpoints of a Service: as they were written, or as Kubernetes would make them. */
export function endpointsOf(roster: Roster, service: Service): Endpoints | undefined {
  const written = roster.endpoints.get(nameOf(service))
  if (written !== undefined) return written
  const { slices } = answerOf(roster, service)
  return slices.length === 0 ? undefined : endpointsFromSlices(service, slices)
}

/**
 * The older form of the same: one family, and no pods that are about to go. Addresses with the same
 * ports form a subset.
 */
function endpointsFromSlices(service: Service, slices: readonly EndpointSlice[]): Endpoints {
  const { namespace, name, labels, spec } = service
  const [family] = familiesOf(service)
  const goesIn = ({ address, terminating }: Endpoint): boolean => {
    const ip = ipIn(address)
    if (ip === undefined || familyOf(ip) !== family) return false
    return !terminating || spec.publishNotReadyAddresses === true
  }

  const groups = new Map<string, Group>()
  let count = 0
  for (const slice of slices) {
    const ports = slice.ports.flatMap((port) => portOf(port) ?? [])
    const key = ports.map(({ name, protocol, port }) => `${name} ${protocol} ${port}`).join()
    const group = groups.get(key) ?? { ports, endpoints: new Map() }
    groups.set(key, group)
    for (const endpoint of slice.endpoints.filter(goesIn)) {
      count += 1
      if (count <= mostAddresses) group.endpoints.set(endpoint.address, endpoint)
    }
  }
  const subsets = [...groups.values()].filter(({ endpoints }) => endpoints.size > 0).map(subsetOf)
  const truncated = { 'endpoints.kubernetes.io/over-capacity': 'truncated' }
  const simulated = { [ours.simulated.name]: 'true' }
  const annotations = {
    ...(count > mostAddresses ? truncated : {}),
    ...(slices.some(isSimulated) ? simulated : {}),
  }
  return { namespace, name, labels, annotations, origin: undefined, subsets }
}

interface Group {
  readonly ports: readonly EndpointPort[]
  readonly endpoints: Map<string, Endpoint>
}

function portOf({ name, protocol, port, appProtocol }: SlicePort): EndpointPort | undefined {
  return port === undefined ? undefined : { name, protocol, port, appProtocol }
}

function subsetOf({ ports, endpoints }: Group): EndpointSubset {
  const sorted = [...endpoints.values()].sort((a, b) =>
    a.address < b.address ? -1 : a.address > b.address ? 1 : 0,
  )
  return {
    addresses: sorted.filter(({ ready }) => ready).map(addressOf),
    notReadyAddresses: sorted.filter(({ ready }) => !ready).map(addressOf),
    ports,
  }
}

function addressOf({ address, nodeName, pod }: Endpoint): EndpointAddress {
  return { ip: address, nodeName, pod }
}
