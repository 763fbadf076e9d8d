import { parseCIDR } from '../../src/address/cidr.ts'
import type { Diagnostic } from '../../src/diagnostic/diagnostic.ts'
import type { Fields } from '../../src/manifest/document.ts'
import { readDocuments } from '../../src/manifest/read.ts'
import { nameOf } from '../../src/object/metadata.ts'
import type { Service, ServiceSpec } from '../../src/object/service.ts'
import { allocate, defaultPools, type PoolOptions } from '../../src/pool/allocate.ts'
import type { Granted } from '../../src/pool/grant.ts'

/** What a ledger holds after Services were granted. */
export type Held = ReadonlyMap<string, ServiceSpec>

export interface Allocated {
  readonly granted: readonly Granted[]
  readonly diagnostics: readonly Diagnostic[]
  readonly held: Held
}

export const nothingHeld: Held = new Map()

export function allocateAll(
  services: readonly Service[],
  held: Held = nothingHeld,
  options: PoolOptions = defaultPools,
): Allocated {
  const diagnostics: Diagnostic[] = []
  const granted = allocate(services, held, options, (it) => diagnostics.push(it))
  const now = granted.map((service) => [nameOf(service), service.spec] as const)
  return { granted, diagnostics, held: new Map([...held, ...now]) }
}

/** Services in YAML documents, with the static defaults of a server. */
export function servicesIn(text: string): Service[] {
  const services: Service[] = []
  for (const { value, document } of readDocuments({ name: 'web.yaml', text }, () => {})) {
    const { metadata, spec } = value as { metadata: Fields; spec: Fields }
    services.push({
      namespace: (metadata.namespace as string | undefined) ?? 'default',
      name: metadata.name as string,
      labels: {},
      annotations: {},
      origin: { document, path: [] },
      spec: withDefaults(spec),
      ingress: [],
      fields: value as Fields,
    })
  }
  return services
}

/** A Service that no text was ever read for. */
export function service(name: string, spec: Fields, namespace = 'default'): Service {
  return {
    namespace,
    name,
    labels: {},
    annotations: {},
    origin: undefined,
    spec: withDefaults(spec),
    ingress: [],
    fields: {},
  }
}

export function poolsWith(options: {
  readonly nodePorts?: PoolOptions['nodePorts']
  readonly reservedNodePorts?: PoolOptions['reservedNodePorts']
  readonly serviceCIDRs?: readonly string[]
}): PoolOptions {
  const { serviceCIDRs, ...rest } = options
  const cidrs = serviceCIDRs?.flatMap((text) => parseCIDR(text) ?? [])
  return { ...defaultPools, ...rest, ...(cidrs && { serviceCIDRs: cidrs }) }
}

function withDefaults(spec: Fields): ServiceSpec {
  const type = (spec.type ?? 'ClusterIP') as ServiceSpec['type']
  const ports = ((spec.ports ?? []) as Fields[]).map((port) => ({
    name: '',
    protocol: 'TCP',
    targetPort: port.port,
    nodePort: 0,
    ...port,
  }))
  const reachable = type === 'NodePort' || type === 'LoadBalancer'
  const base = { sessionAffinity: 'None', ...(reachable && { externalTrafficPolicy: 'Cluster' }) }
  const balanced = type === 'LoadBalancer' && { allocateLoadBalancerNodePorts: true }
  return { ...base, ...balanced, ...spec, type, ports } as unknown as ServiceSpec
}

/** Ports in few letters: `dns 53/UDP:30053, 53/TCP`. Without a name they are called p0, p1 … */
export function portsIn(text: string): Fields[] {
  return text.split(', ').map((entry, index) => {
    const match = /^(?:(\S+) )?(\d+)\/(\w+)(?::(-?\d+))?$/.exec(entry)
    const [, name = `p${index}`, port, protocol, nodePort = '0'] = match ?? []
    return { name, port: Number(port), protocol, nodePort: Number(nodePort) }
  })
}

/** The way back: `p0 53/TCP:30053, p1 53/UDP:30053`. */
export function printPorts({ spec }: Pick<Service, 'spec'>): string {
  return spec.ports
    .map(({ name, port, protocol, nodePort }) => `${name} ${port}/${protocol}:${nodePort}`)
    .join(', ')
}

export function messagesOf({ diagnostics }: Allocated): string[] {
  return diagnostics.map(({ message }) => message)
}
