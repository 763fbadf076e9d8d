import { familyOf, type IP, ipIn } from '../address/ip.ts'
import { type Protocol, protocols } from '../address/port.ts'
import { nameOf } from '../object/metadata.ts'
import type { ServicePort } from '../object/service.ts'
import { internalIPs, nodeIPs } from '../roster/node-ips.ts'
import { answerOf } from '../roster/roster.ts'
import type { VirtualServer } from './virtual-server.ts'
import { type Packet, type Situation, serverFor } from './way.ts'

/** What somebody may have meant who asked for what no virtual server has. */
export type Near =
  /** The same address and port, over another protocol. */
  | { readonly kind: 'protocol'; readonly protocol: Protocol; readonly server: VirtualServer }
  /** The same address, on other ports. */
  | { readonly kind: 'ports'; readonly servers: readonly VirtualServer[] }
  | { readonly kind: 'loopback' }
  /** An address of a node whose table this is not. */
  | { readonly kind: 'other-node'; readonly node: string }
  /** An address of this node on which node ports do not answer. */
  | { readonly kind: 'not-for-node-ports'; readonly addresses: readonly IP[] }
  /** A node port, asked for at an address that is no node's. */
  | (Meant & { readonly kind: 'node-port'; readonly addresses: readonly IP[] })
  /** The port of a Service, or that of its pods, where its node port was due. */
  | (Meant & { readonly kind: 'inner-port'; readonly addresses: readonly IP[] })
  /** The address of a pod, which packets reach without IPVS. */
  | (Meant & {
      readonly kind: 'endpoint'
      readonly pod: string | undefined
      readonly number: number
    })

interface Meant {
  readonly service: string
  readonly port: ServicePort
}

/** What becomes of a packet that no virtual server takes in. */
export type Fate = 'host' | 'service-address' | 'elsewhere'

export function fateOf({ address }: Packet, { table, view, cluster }: Situation): Fate {
  if (isLoopback(address)) return 'host'
  const own = view.role === 'node' ? view.addresses : []
  const node =
    view.role === 'node' ? cluster.nodes.find(({ name }) => name === view.name) : undefined
  if (own.includes(address) || (node !== undefined && nodeIPs(node).includes(address)))
    return 'host'
  return table.some((server) => server.address === address) ? 'service-address' : 'elsewhere'
}

/** The nearest misses, the nearest first. */
export function nearTo(packet: Packet, situation: Situation): readonly Near[] {
  if (isLoopback(packet.address)) return [{ kind: 'loopback' }]
  const nodes = nearNodes(packet, situation)
  return [
    ...otherProtocols(packet, situation),
    ...nodes,
    ...nodePorts(packet, situation),
    ...endpoints(packet, situation),
    ...innerPorts(packet, situation),
    ...otherPorts(packet, situation),
  ]
}

function isLoopback(ip: IP): boolean {
  return ip === '::1' || ip.startsWith('127.')
}

function otherProtocols(packet: Packet, { table }: Situation): Near[] {
  return protocols.flatMap((protocol) => {
    const server = serverFor({ ...packet, protocol }, table)
    return server === undefined ? [] : { kind: 'protocol', protocol, server }
  })
}

function otherPorts({ address, port }: Packet, { table }: Situation): Near[] {
  const servers = table
    .filter((server) => server.address === address && server.port !== port)
    .sort((a, b) => Math.abs(a.port - port) - Math.abs(b.port - port))
  return servers.length === 0 ? [] : [{ kind: 'ports', servers }]
}

function nearNodes({ address }: Packet, { cluster, view }: Situation): Near[] {
  const node = cluster.nodes.find((it) => nodeIPs(it).includes(address))
  if (node === undefined) return []
  if (view.role === 'director' || node.name !== view.name) {
    return [{ kind: 'other-node', node: node.name }]
  }
  if (view.addresses.includes(address)) return []
  return [{ kind: 'not-for-node-ports', addresses: view.addresses }]
}

function nodePorts({ address, port }: Packet, situation: Situation): Near[] {
  const { granteds, cluster, view } = situation
  const own = view.role === 'node' ? view.addresses : []
  if (own.includes(address)) return []
  const all = cluster.nodes.length > 0 ? cluster.nodes.flatMap(internalIPs) : own
  const addresses = all.filter((ip) => familyOf(ip) === familyOf(address))
  return granteds.flatMap((service) =>
    service.spec.ports
      .filter(({ nodePort }) => nodePort === port)
      .map((it): Near => ({ kind: 'node-port', service: nameOf(service), port: it, addresses })),
  )
}

/** A port for the inside, where a node was asked: it is told which one is for the outside. */
function innerPorts({ address, port, protocol }: Packet, { granteds, view }: Situation): Near[] {
  if (view.role !== 'node' || !view.addresses.includes(address)) return []
  return granteds.flatMap((service) =>
    service.spec.ports
      .filter((it) => it.protocol === protocol && (it.port === port || it.targetPort === port))
      .map((it): Near => {
        return { kind: 'inner-port', service: nameOf(service), port: it, addresses: [address] }
      }),
  )
}

/** Those of headless Services too, which have nothing but endpoints. */
function endpoints({ address }: Packet, { granteds, roster }: Situation): Near[] {
  return granteds.flatMap((service) =>
    answerOf(roster, service).slices.flatMap((slice) => {
      const endpoint = slice.endpoints.find((it) => ipIn(it.address) === address)
      if (endpoint === undefined) return []
      return service.spec.ports.flatMap((port): Near[] => {
        const { name, protocol } = port
        const own = slice.ports.find((it) => it.name === name && it.protocol === protocol)
        if (own?.port === undefined) return []
        const { pod } = endpoint
        return [{ kind: 'endpoint', service: nameOf(service), port, pod, number: own.port }]
      })
    }),
  )
}
