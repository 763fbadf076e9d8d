import type { CIDR } from '../../address/cidr.ts'
import { type Family, familyOf, type IP } from '../../address/ip.ts'
import type { Fields } from '../../manifest/document.ts'
import { annotations } from '../../object/annotation.ts'
import { clusterIPPool } from '../../pool/cluster-ip-pool.ts'
import { defaultFlags, schedulerFlags } from '../../table/scheduler.ts'
import { defaultSettings } from '../../table/service-settings.ts'
import {
  Flag,
  Forwarding,
  protocolNames,
  type RealServer,
  type Table,
  type VirtualServer,
} from '../../table/virtual-server.ts'
import { serversInOrder } from '../ipvsadm/order.ts'
import { present } from './service-fields.ts'
import { whyUnsayable } from './unsayable.ts'

export interface ManifestOptions {
  readonly namespace: string
  /** An address in one of these is a cluster IP; any other is an external one. */
  readonly serviceCIDRs: readonly CIDR[]
}

/** Services and EndpointSlices that compile to a table, and what of it they cannot say. */
export interface Manifests {
  readonly objects: readonly Fields[]
  readonly left: readonly LeftOut[]
}

export interface LeftOut {
  readonly server: VirtualServer
  readonly reason: string
}

/**
 * Makes manifests out of a table. What shares an address and its settings becomes one Service; what
 * answers in the same way on several external addresses as well.
 */
export function manifestsOf(table: Table, options: ManifestOptions): Manifests {
  const left: LeftOut[] = []
  const sayable: VirtualServer[] = []
  for (const server of serversInOrder(table, {})) {
    const reason = whyUnsayable(server)
    if (reason === undefined) sayable.push(server)
    else left.push({ server, reason })
  }
  const drafts = merged(draftsOf(sayable, options))
  return { objects: withNames(drafts).flatMap((named) => objectsOf(named, options)), left }
}

/** One Service to be: virtual servers of one address with the same settings. */
interface Draft {
  readonly addresses: readonly IP[]
  readonly isClusterIP: boolean
  readonly servers: readonly VirtualServer[]
  readonly settings: Fields
}

function draftsOf(servers: readonly VirtualServer[], options: ManifestOptions): readonly Draft[] {
  const pools = options.serviceCIDRs.map(clusterIPPool)
  const drafts = new Map<string, Draft & { readonly servers: VirtualServer[] }>()
  const taken = new Set<IP>()
  for (const server of servers) {
    const { address } = server
    const settings = settingsOf(server)
    const key = `${address} ${JSON.stringify(settings)}`
    const known = drafts.get(key)
    if (known !== undefined) known.servers.push(server)
    else {
      // No two Services have one cluster IP.
      const isClusterIP = !taken.has(address) && pools.some((pool) => pool.includes(address))
      taken.add(address)
      drafts.set(key, { addresses: [address], isClusterIP, servers: [server], settings })
    }
  }
  return [...drafts.values()]
}

function merged(drafts: readonly Draft[]): readonly Draft[] {
  const byMeaning = new Map<string, Draft>()
  for (const draft of drafts) {
    const { servers, settings, addresses, isClusterIP } = draft
    const ports = servers.map(({ protocol, port, realServers }) => [protocol, port, realServers])
    const [first] = addresses
    const what = [first && familyOf(first), settings, ports]
    const key = isClusterIP ? String(first) : JSON.stringify(what)
    const known = byMeaning.get(key)
    const all = known === undefined ? addresses : [...known.addresses, ...addresses]
    byMeaning.set(key, { ...draft, addresses: all })
  }
  return [...byMeaning.values()]
}

interface NamedDraft extends Draft {
  readonly name: string
}

function withNames(drafts: readonly Draft[]): readonly NamedDraft[] {
  const counts = new Map<string, number>()
  return drafts.map((draft) => {
    // An address may end in a colon, and a name in no hyphen.
    const words = (draft.addresses[0] ?? '').replace(/[.:]/g, '-').replace(/-$/, '-0')
    const count = (counts.get(words) ?? 0) + 1
    counts.set(words, count)
    return { ...draft, name: count === 1 ? `vip-${words}` : `vip-${words}-${count}` }
  })
}

/** What a Service says about all of its ports, in fields and in annotations. */
function settingsOf({ flags, timeout, scheduler, realServers }: VirtualServer): Fields {
  const [first] = realServers
  const schedulerBits = flags & (Flag.scheduler1 | Flag.scheduler2 | Flag.scheduler3)
  const { upperThreshold = 0, lowerThreshold = 0 } = first ?? {}
  return {
    scheduler: scheduler === defaultSettings.scheduler ? undefined : scheduler,
    schedulerFlags:
      schedulerBits === defaultFlags(scheduler) ? undefined : flagNames(schedulerBits, scheduler),
    forwarding: first && forwardings.get(first.forwarding),
    thresholds: thresholdsText(upperThreshold, lowerThreshold),
    persistence: (flags & Flag.persistent) === 0 ? undefined : timeout,
  }
}

const forwardings: ReadonlyMap<number, string> = new Map([
  [Forwarding.route, 'route'],
  [Forwarding.tunnel, 'tunnel'],
])

function thresholdsText(upper: number, lower: number): string | undefined {
  if (upper === 0) return undefined
  return lower === 0 ? String(upper) : `${upper},${lower}`
}

function flagNames(bits: number, scheduler: string): string {
  const own = schedulerFlags.filter((flag) => flag.scheduler === scheduler)
  const others = schedulerFlags.filter((flag) => {
    return flag.scheduler === undefined && !own.some(({ bit }) => bit === flag.bit)
  })
  return [...own, ...others]
    .filter(({ bit }) => (bits & bit) !== 0)
    .map(({ name }) => name)
    .join(',')
}

function objectsOf(draft: NamedDraft, { namespace }: ManifestOptions): readonly Fields[] {
  const slices = draft.servers.flatMap((server) => slicesOf(server))
  return [
    serviceOf(draft, namespace),
    ...slices.map((slice, index) => ({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: present({
        name: `${draft.name}-${index + 1}`,
        namespace,
        labels: { 'kubernetes.io/service-name': draft.name },
        annotations: slice.weight === 1 ? undefined : { [weight.name]: String(slice.weight) },
      }),
      addressType: slice.family,
      endpoints: slice.addresses.map((address) => ({
        addresses: [address],
        conditions: { ready: true },
      })),
      ports: [slice.port],
    })),
  ]
}

const { scheduler, schedulerFlags: flagsNote, forwarding, thresholds, weight, serve } = annotations

function serviceOf(draft: NamedDraft, namespace: string): Fields {
  const { name, settings, addresses, isClusterIP, servers } = draft
  const [address = ''] = addresses
  const notes = Object.entries({
    [scheduler.name]: settings.scheduler,
    [flagsNote.name]: settings.schedulerFlags,
    [forwarding.name]: settings.forwarding,
    [thresholds.name]: settings.thresholds,
    [serve.name]: isClusterIP ? undefined : 'external',
  }).filter(([, value]) => value !== undefined)
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: present({
      name,
      namespace,
      annotations: Object.fromEntries(notes),
    }),
    spec: present({
      ...(isClusterIP ? { clusterIP: address } : withoutNodePorts),
      ipFamilies: address.includes(':') ? ['IPv6'] : undefined,
      ...affinityOf(settings.persistence),
      ports: servers.map((server) => ({
        name: portName(server),
        port: server.port,
        protocol: protocolNames.get(server.protocol),
      })),
    }),
    ...(isClusterIP
      ? {}
      : { status: { loadBalancer: { ingress: addresses.map((ip) => ({ ip, ipMode: 'VIP' })) } } }),
  }
}

const withoutNodePorts = { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false }

function affinityOf(timeoutSeconds: unknown): Fields {
  if (timeoutSeconds === undefined) return {}
  return { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds } } }
}

function portName({ protocol, port }: VirtualServer): string {
  return `${protocolNames.get(protocol)?.toLowerCase()}-${port}`
}

interface Slice {
  readonly family: Family
  readonly weight: number
  readonly port: Fields
  readonly addresses: readonly IP[]
}

/** A slice has one port and one weight for all of its endpoints, of which it takes so many. */
function slicesOf(server: VirtualServer): readonly Slice[] {
  const groups = new Map<string, RealServer[]>()
  for (const real of server.realServers) {
    const key = `${real.port} ${real.weight}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [real])
    else group.push(real)
  }
  return [...groups.values()].flatMap((group) => {
    const count = Math.ceil(group.length / mostEndpoints)
    const parts = Array.from({ length: count }, (_, index) => index * mostEndpoints)
    return parts.map((start) => sliceOf(server, group.slice(start, start + mostEndpoints)))
  })
}

const mostEndpoints = 1000

function sliceOf(server: VirtualServer, group: readonly RealServer[]): Slice {
  const { port, weight = 1 } = group[0] ?? {}
  const protocol = protocolNames.get(server.protocol)
  return {
    family: server.family,
    weight,
    port: { name: portName(server), port, protocol },
    addresses: group.map(({ address }) => address),
  }
}
