import type { IP } from '../address/ip.ts'
import { nodeUnknown } from '../diagnostic/complaints.ts'
import type { Report } from '../diagnostic/diagnostic.ts'
import type { Node } from '../object/node.ts'
import { internalIPs, nodeIPs } from '../roster/node-ips.ts'
import { weightOf } from '../roster/weight.ts'
import { type HostAddress, type NodePortAddresses, nodePortIPs } from './node-addresses.ts'

/** Whose table it is. */
export type View = NodeView | DirectorView

/** A node as kube-proxy sees its own. */
export interface NodeView {
  readonly role: 'node'
  /** Endpoints of this name are local. */
  readonly name: string
  readonly zone: string | undefined
  /** Where node ports answer. */
  readonly addresses: readonly IP[]
}

/** A balancer that stands before the nodes. */
export interface DirectorView {
  readonly role: 'director'
  /** They stand in for the addresses of the Services; none where those are meant. */
  readonly vips: readonly IP[]
  readonly targets: readonly Target[]
}

/** One that a director sends to: a node, or whatever else answers on node ports. */
export interface Target {
  /** The node it is, where that is known. */
  readonly name: string | undefined
  readonly addresses: readonly IP[]
  /** Absent where no annotation says it. */
  readonly weight: number | undefined
}

export type ViewOptions = NodeOptions | DirectorOptions

/** What a person says of the node, and what the host says of itself. */
export interface NodeOptions {
  readonly role: 'node'
  /** `--node` */
  readonly node: string | undefined
  /** Where nobody names a node, the one that has this address is meant. */
  readonly asked?: IP | undefined
  /** `--node-ip`; or all that the host has, as kube-proxy takes them whatever its Node says. */
  readonly nodeIPs: readonly IP[] | 'host'
  readonly nodePortAddresses: NodePortAddresses
  readonly host: {
    readonly name: string
    readonly addresses: readonly HostAddress[]
  }
}

/** `--vip` and `--backend`. */
export interface DirectorOptions {
  readonly role: 'director'
  readonly vips: readonly IP[]
  readonly backends: readonly IP[]
}

/** The view of whoever the table is for. */
export function viewOf(nodes: readonly Node[], options: ViewOptions, report: Report): View {
  return options.role === 'director'
    ? directorView(nodes, options)
    : nodeView(nodes, options, report)
}

/**
 * Which node this is: the one asked for, by its name or an address, else the Node named as this
 * host, else the host itself, of which the manifests know nothing.
 */
export function nodeView(nodes: readonly Node[], options: NodeOptions, report: Report): NodeView {
  const hostName = options.host.name.trim().toLowerCase()
  const name = options.node ?? nodeWith(options.asked, nodes)?.name ?? hostName
  const node = nodes.find((it) => it.name === name)
  if (node === undefined && options.node !== undefined && nodes.length > 0) {
    report(nodeUnknown(name, nodes.map((it) => it.name).sort()).at(undefined))
  }
  const given = options.nodeIPs === 'host' ? [] : options.nodeIPs
  const primary = node === undefined ? given : [...given, ...nodeIPs(node)]
  const known = addressesOf(node, options, name === hostName)
  const addresses = nodePortIPs(known, options.nodePortAddresses, primary)
  return { role: 'node', name, zone: node?.zone, addresses }
}

function nodeWith(address: IP | undefined, nodes: readonly Node[]): Node | undefined {
  return address && nodes.find((node) => nodeIPs(node).includes(address))
}

/** Addresses that a person or a Node names are on no interface that we know of. */
function addressesOf(
  node: Node | undefined,
  { nodeIPs, host }: NodeOptions,
  isThisHost: boolean,
): readonly HostAddress[] {
  if (nodeIPs === 'host') return host.addresses
  const named = nodeIPs.length > 0 || node === undefined ? nodeIPs : internalIPs(node)
  if (named.length > 0) return named.map((address) => ({ interface: '', address }))
  return isThisHost || node === undefined ? host.addresses : []
}

export const excludeLabel = 'node.kubernetes.io/exclude-from-external-load-balancers'

/**
 * What a director sends to: every Node that is not known to be unready. A cordoned one stays, since
 * its pods do; nodes are named in the order of their names.
 */
export function directorView(nodes: readonly Node[], options: DirectorOptions): DirectorView {
  const { vips, backends } = options
  const targets =
    backends.length > 0 ? named(nodes, backends) : nodes.filter(takesPart).map(targetOf)
  return { role: 'director', vips, targets: targets.sort(byName) }
}

/** Whether a node counts among those before which a director stands. */
export function takesPart({ ready, labels }: Node): boolean {
  return (ready === undefined || ready === 'True') && !Object.hasOwn(labels, excludeLabel)
}

function targetOf(node: Node): Target {
  return { name: node.name, addresses: nodeIPs(node), weight: weightOf(node) }
}

/** Addresses given by hand: those of Nodes that we know keep what is known of them. */
function named(nodes: readonly Node[], ips: readonly IP[]): Target[] {
  return ips.map((ip) => {
    const node = nodes.find((it) => nodeIPs(it).includes(ip))
    return { name: node?.name, addresses: [ip], weight: node && weightOf(node) }
  })
}

function byName({ name: a = '' }: Target, { name: b = '' }: Target): number {
  return a < b ? -1 : a > b ? 1 : 0
}
