import { type Family, familyOf, ipIn } from '../address/ip.ts'
import { annotations } from '../object/annotation.ts'
import {
  type Endpoint,
  type EndpointSlice,
  type Hints,
  type SlicePort,
  serviceNameLabel,
} from '../object/endpoint-slice.ts'
import { nameOf } from '../object/metadata.ts'
import type { Node } from '../object/node.ts'
import type { Pod, PodSpec } from '../object/pod.ts'
import { isHeadless, type Service, type ServicePort } from '../object/service.ts'
import { familiesOf } from './families.ts'
import { suffixFor } from './suffix.ts'

/** How many endpoints the controller puts into one slice. */
const sliceSize = 100

/**
 * The slices that Kubernetes' EndpointSlice controller would make of the pods a Service selects. In
 * place of its random names they have names that are always the same.
 */
export function slicesFromPods(
  service: Service,
  pods: readonly Pod[],
  nodes: ReadonlyMap<string, Node>,
): readonly EndpointSlice[] {
  const slices = familiesOf(service).flatMap((family) => {
    const groups = groupByPorts(service, pods, family, nodes)
    if (groups.length === 0) groups.push({ ports: [], endpoints: [] })
    return groups
      .flatMap(({ ports, endpoints }) => chunks(endpoints).map((part) => ({ ports, part })))
      .map(({ ports, part }, index) => sliceOf(service, family, index, ports, part))
  })
  return pods.some(({ simulated }) => simulated) ? slices.map(asSimulated) : slices
}

function asSimulated(slice: EndpointSlice): EndpointSlice {
  return { ...slice, annotations: { [annotations.simulated.name]: 'true' } }
}

interface Group {
  readonly ports: readonly SlicePort[]
  readonly endpoints: Endpoint[]
}

/** Pods whose port names stand for different numbers cannot share a slice. */
function groupByPorts(
  service: Service,
  pods: readonly Pod[],
  family: Family,
  nodes: ReadonlyMap<string, Node>,
): Group[] {
  const groups = new Map<string, Group>()
  for (const pod of pods) {
    const addresses = pod.podIPs.filter((text) => isOf(text, family))
    if (addresses.length === 0 || !belongs(service, pod, nodes)) continue
    const ports = service.spec.ports.flatMap((port) => resolve(port, pod) ?? [])
    const key = ports.map(({ name, protocol, port }) => `${name} ${protocol} ${port}`).join()
    const group = groups.get(key) ?? { ports, endpoints: [] }
    if (group.endpoints.length === 0) groups.set(key, group)
    group.endpoints.push(endpointOf(service, pod, addresses, nodes))
  }
  return [...groups.values()]
}

/**
 * Whether a pod can answer at all. One on a node that nobody knows is left out, unless nobody knows
 * of any node: then the manifests are silent about nodes, not the cluster.
 */
function belongs({ spec }: Service, pod: Pod, nodes: ReadonlyMap<string, Node>): boolean {
  if (pod.phase === 'Succeeded' || pod.phase === 'Failed') return false
  if (spec.publishNotReadyAddresses === true || nodes.size === 0) return true
  return pod.nodeName !== undefined && nodes.has(pod.nodeName)
}

function resolve(port: ServicePort, pod: PodSpec): SlicePort | undefined {
  const number =
    typeof port.targetPort === 'number'
      ? port.targetPort
      : portNamed(port.targetPort, port.protocol, pod)
  if (number === undefined) return undefined
  return { name: port.name, protocol: port.protocol, port: number, appProtocol: port.appProtocol }
}

/** Containers come first, then the init containers that keep running. */
function portNamed(name: string, protocol: string, { containers }: PodSpec): number | undefined {
  for (const sidecar of [false, true]) {
    for (const container of containers) {
      if (container.sidecar !== sidecar) continue
      const port = container.ports.find((it) => it.name === name && it.protocol === protocol)
      if (port !== undefined) return port.containerPort
    }
  }
  return undefined
}

function endpointOf(
  { spec, annotations }: Service,
  { nodeName, ready: serving, terminating, name }: Pod,
  [address = '', ...otherAddresses]: readonly string[],
  nodes: ReadonlyMap<string, Node>,
): Endpoint {
  const zone = nodeName === undefined ? undefined : nodes.get(nodeName)?.zone
  const ready = spec.publishNotReadyAddresses === true || (serving && !terminating)
  const distribution = isSpreadByZones(annotations) ? undefined : spec.trafficDistribution
  return {
    address,
    otherAddresses: otherAddresses.length > 0 ? otherAddresses : undefined,
    ready,
    serving,
    terminating,
    nodeName,
    zone,
    hints: ready ? hintsFor(distribution, nodeName, zone) : undefined,
    pod: name,
  }
}

/** Traffic distribution says how near the back ends should be; the hints say who they are near to. */
function hintsFor(
  distribution: string | undefined,
  nodeName: string | undefined,
  zone: string | undefined,
): Hints | undefined {
  const zones = zone === undefined ? [] : [zone]
  switch (distribution) {
    case 'PreferClose':
    case 'PreferSameZone':
      return zone === undefined ? undefined : { zones, nodes: [] }
    case 'PreferSameNode':
      return nodeName === undefined ? undefined : { zones, nodes: [nodeName] }
    default:
      return undefined
  }
}

/**
 * The topology mode `Auto` goes before traffic distribution. It deals zones out by the processors of
 * the nodes, which manifests seldom tell, so no hints are made up for it.
 */
function isSpreadByZones(annotations: Service['annotations']): boolean {
  const mode =
    annotations['service.kubernetes.io/topology-mode'] ??
    annotations['service.kubernetes.io/topology-aware-hints']
  return mode?.toLowerCase() === 'auto'
}

/** One slice as the controller would write it, under a name that is always the same. */
export function sliceOf(
  service: Service,
  family: Family,
  index: number,
  ports: readonly SlicePort[],
  endpoints: readonly Endpoint[],
): EndpointSlice {
  const { namespace, name, labels } = service
  return {
    namespace,
    name: `${name}-${suffixFor(`${nameOf(service)} ${family} ${index}`)}`,
    labels: {
      ...labels,
      [serviceNameLabel]: name,
      'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
      ...(isHeadless(service) ? { 'service.kubernetes.io/headless': '' } : {}),
    },
    annotations: {},
    origin: undefined,
    service: name,
    addressType: family,
    ports,
    endpoints,
  }
}

function chunks(endpoints: readonly Endpoint[]): (readonly Endpoint[])[] {
  if (endpoints.length <= sliceSize) return [endpoints]
  const parts: (readonly Endpoint[])[] = []
  for (let from = 0; from < endpoints.length; from += sliceSize) {
    parts.push(endpoints.slice(from, from + sliceSize))
  }
  return parts
}

function isOf(text: string, family: Family): boolean {
  const ip = ipIn(text)
  return ip !== undefined && familyOf(ip) === family
}
