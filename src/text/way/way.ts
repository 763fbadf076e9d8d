import { withPort } from '../../address/ip.ts'
import { type Paint, renderPlace } from '../../diagnostic/frame.ts'
import { printable } from '../../diagnostic/printable.ts'
import type { View } from '../../table/view.ts'
import {
  type Cause,
  Flag,
  Forwarding,
  fullNetmask,
  identityOf,
} from '../../table/virtual-server.ts'
import type { LeftOut, Policy, Stop, Way } from '../../table/way.ts'
import { printNetmask } from '../ipvsadm/netmask.ts'
import { alignColumns, describeStyle } from '../kubectl/columns.ts'
import { printLabels } from '../kubectl/labels.ts'
import { describeScheduler } from './scheduler-words.ts'

/** The way of a packet in words: what it meets, whom it reaches, and why. */
export function printWay(way: Way, view: View, paint: Paint): string {
  const { cause } = way.server
  const head = `${paint.strong(identityOf(way.server))} is ${frontOf(way)}\n`
  const place = cause?.place
  const frame = place === undefined ? '' : renderPlace(place, 'asked for here', paint.strong, paint)
  const lines = linesOf(way, view).map((line) => line.map(printable))
  return head + frame + alignColumns(lines, describeStyle)
}

const fronts: Readonly<Record<Cause['kind'], string>> = {
  clusterIP: 'the cluster IP of',
  nodePort: 'the node port of',
  externalIP: 'an external IP of',
  loadBalancer: 'a load-balancer address of',
  vip: "the director's address for",
}

/** `the node port of default/web, port http` */
export function frontOf({ server }: Pick<Way, 'server'>): string {
  const { cause } = server
  if (cause === undefined) return 'a virtual server'
  return `${fronts[cause.kind]} ${printable(cause.service)}, port ${printable(cause.port)}`
}

type Line = readonly string[]

function linesOf(way: Way, view: View): Line[] {
  const { stops, leftOut } = way
  const where = view.role === 'director' ? ['Role:', 'director'] : ['Node:', view.name]
  const others = labelled('Left out:', leftOut.map(leftOutCells))
  if (stops.length === 0) {
    return [
      where,
      ['Goes to:', 'nobody: the client is refused'],
      ['Because:', whyNobody(way)],
      ...others,
      ['Traffic:', traffic(way)],
    ]
  }
  return [
    where,
    ...labelled('Goes to:', stops.map(stopCells)),
    ...others,
    ['Chosen by:', describeScheduler(way.server)],
    ['Affinity:', affinity(way)],
    ['Traffic:', traffic(way)],
    ['Source:', source(way, view)],
    ...letIn(way),
  ]
}

function labelled(label: string, rows: readonly Line[]): Line[] {
  return rows.map((row, index) => [index === 0 ? label : '', ...row])
}

function stopCells({ realServer, nodeName }: Stop): Line {
  const { address, port, weight, forwarding, name, simulated } = realServer
  const how = forwarding === Forwarding.masq ? '' : `, ${forwardings.get(forwarding) ?? ''}`
  const takesNone = weight === 0 ? ', takes no new connections' : ''
  return trimmed([
    withPort(address, port),
    `weight ${weight}${how}${takesNone}`,
    whereabouts(name, nodeName),
    simulated ? 'simulated' : '',
  ])
}

const forwardings: ReadonlyMap<number, string> = new Map([
  [Forwarding.route, 'routed'],
  [Forwarding.tunnel, 'through a tunnel'],
  [Forwarding.local, 'to this host'],
])

/** `web-1 on node-a`; a node is where it is. */
function whereabouts(name: string | undefined, nodeName: string | undefined): string {
  if (name === undefined || name === nodeName) return nodeName === undefined ? '' : `on ${nodeName}`
  return nodeName === undefined ? name : `${name} on ${nodeName}`
}

function leftOutCells(left: LeftOut): Line {
  const { address, port, name, nodeName } = left
  const at =
    port === undefined
      ? address
      : address.includes(':')
        ? `[${address}]:${port}`
        : `${address}:${port}`
  return trimmed([at, reasonOf(left), whereabouts(name, nodeName)])
}

function trimmed(cells: readonly string[]): Line {
  return cells.at(-1) === '' ? trimmed(cells.slice(0, -1)) : cells
}

/** Why one that could answer is not asked. */
export function reasonOf({ reason, keptFor }: LeftOut): string {
  switch (reason) {
    case 'not-ready':
      return 'not ready'
    case 'terminating':
      return 'about to go'
    case 'not-local':
      return 'not on this node'
    case 'other-zone':
      return `hints keep it for zone ${keptFor.join(', ')}`
    case 'other-node':
      return `hints keep it for node ${keptFor.join(', ')}`
    case 'excluded':
      return 'excluded from load balancers by its label'
    case 'no-address':
      return 'no address of this family'
    case 'no-local-endpoint':
      return 'no ready endpoint there'
  }
}

function whyNobody({ service, port, why }: Way): string {
  switch (why) {
    case 'no-slices':
      return 'no EndpointSlice is for this Service, and it has no selector to find pods by'
    case 'no-pods':
      return `its selector ${printLabels(service.spec.selector)} matches no pod and no workload`
    case 'no-port':
      return `no slice of it has a port named "${port.name}" over ${port.protocol}`
    default:
      return 'none of those behind it can be asked'
  }
}

function affinity({ server }: Way): string {
  const { flags, timeout, family, netmask } = server
  if ((flags & Flag.persistent) === 0) return 'none: every connection is dealt with by itself'
  const mask = netmask === fullNetmask[family] ? '' : ` (by ${printNetmask(family, netmask)})`
  return `a client${mask} keeps its real server until it has been silent for ${timeout}s`
}

function traffic({ policy, stops }: Way): string {
  const { field, value, lastResort } = policy
  const resort = lastResort ? '; none is ready, so those about to go still answer' : ''
  const nobody = stops.length === 0 ? 'nobody to send it to' : scopeOf(policy)
  return `${field} ${value}: ${nobody}${resort}`
}

function scopeOf({ scope, near }: Policy): string {
  const narrowed = near === undefined ? '' : `, narrowed by hints to the same ${near}`
  switch (scope) {
    case 'cluster':
      return `to any node${narrowed}`
    case 'local':
      return 'to this node alone'
    case 'elsewhere':
      return `nobody on this node answers, so IPVS asks the others${narrowed}`
    case 'nobody':
      return 'nobody on this node answers'
  }
}

function source({ source, policy, server }: Way, view: View): string {
  const isRewritten = server.realServers.every(({ forwarding }) => forwarding === Forwarding.masq)
  if (view.role === 'director') {
    return isRewritten
      ? 'the client keeps its address, so the nodes must answer by way of the director'
      : 'the client keeps its address, and the nodes answer it themselves'
  }
  if (!isRewritten) return 'the client keeps its address, and is answered past this node'
  switch (source) {
    case 'insider':
      return 'a pod keeps its address, unless who answers is on its own bridge; anybody else is seen as this node'
    case 'node':
      return 'the client is seen as this node, since the answer has to come back this way'
    case 'client':
      return policy.scope === 'elsewhere'
        ? 'the client keeps its address, so the answer goes past this node and is lost'
        : 'the client keeps its address: who answers is on this node'
  }
}

function letIn({ server, service }: Way): Line[] {
  const ranges = service.spec.loadBalancerSourceRanges ?? []
  if (server.cause?.kind !== 'loadBalancer' || ranges.length === 0) return []
  return [['Let in:', `clients in ${ranges.join(', ')} alone`]]
}
