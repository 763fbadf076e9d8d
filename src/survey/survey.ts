import type { IP } from '../address/ip.ts'
import { inRange } from '../address/port.ts'
import type { Report } from '../diagnostic/diagnostic.ts'
import type { Source } from '../diagnostic/source.ts'
import type { Cluster } from '../object/cluster.ts'
import { nameOf } from '../object/metadata.ts'
import type { Granted } from '../pool/grant.ts'
import { freeNodePorts } from '../pool/node-port-pool.ts'
import { nodePortsOf } from '../pool/node-ports.ts'
import { nodeIPs } from '../roster/node-ips.ts'
import { rosterOf } from '../roster/roster.ts'
import { affinityEndsBeforeDrain } from './affinity-outlives-drain.ts'
import { annotationsAreAnswered } from './cloud-annotation.ts'
import { clusterIPNotOfNode } from './cluster-ip-is-node-address.ts'
import { endpointsHaveFamily } from './endpoint-family.ts'
import { externalAddressClaimedOnce } from './external-address-taken.ts'
import { hostPortsOf } from './host-port.ts'
import { portsSurviveApply } from './kubectl-merges-ports.ts'
import { loadBalancerIsOurs } from './load-balancer-class.ts'
import { localHasEndpoints } from './local-without-endpoints.ts'
import { servicesHaveEndpoints } from './no-endpoints.ts'
import { nodePortInStaticBand } from './node-port-dynamic-band.ts'
import { nodePortNotEphemeral } from './node-port-ephemeral.ts'
import { nodePortNotHostPort } from './node-port-host-port.ts'
import { nodeIsKnown } from './node-unknown.ts'
import { type Selection, selectionOf } from './selection.ts'
import { selectorMatchesSomething } from './selector-matches-nothing.ts'
import { slicePortIsMatched } from './slice-port-unmatched.ts'
import { sliceServiceIsHere } from './slice-service-missing.ts'
import { sliceHasService } from './slice-without-service.ts'
import { sourceRangesCoverFamilies } from './source-ranges-open.ts'
import type { Facts, Rule, Surveyed } from './surveyed.ts'
import { targetPortIsDeclared } from './target-port-undeclared.ts'
import { targetPortHasName } from './target-port-unknown.ts'
import { ignoresAreKnown } from './unknown-ignore.ts'
import { writtenEndpoints } from './written-endpoints.ts'

/** All that a careful reader would look for, in the order of the documents. */
export const rules: readonly Rule[] = [
  nodePortInStaticBand,
  nodePortNotEphemeral,
  nodePortNotHostPort,
  portsSurviveApply,
  clusterIPNotOfNode,
  externalAddressClaimedOnce,
  selectorMatchesSomething,
  targetPortHasName,
  targetPortIsDeclared,
  slicePortIsMatched,
  sliceHasService,
  sliceServiceIsHere,
  endpointsHaveFamily,
  localHasEndpoints,
  servicesHaveEndpoints,
  affinityEndsBeforeDrain,
  sourceRangesCoverFamilies,
  loadBalancerIsOurs,
  annotationsAreAnswered,
  ignoresAreKnown,
  nodeIsKnown,
]

/** What was read, and what the pools made of it. */
export interface Read {
  readonly sources: readonly Source[]
  readonly cluster: Cluster
  readonly granteds: readonly Granted[]
}

/** Looks at everything that was read as a careful reader would, and says what such a one would notice. */
export function survey(read: Read, facts: Facts, report: Report): void {
  const surveyed = surveyedOf(read, facts)
  for (const rule of rules) rule(surveyed, report)
}

function surveyedOf(read: Read, facts: Facts): Surveyed {
  const { cluster } = read
  const selection = selectionOf(cluster)
  const services = new Map(cluster.services.map((service) => [nameOf(service), service]))
  return {
    ...read,
    facts,
    services,
    selection,
    written: writtenEndpoints(cluster, services),
    // That made-up pods find no address is the business of those who show them.
    roster: rosterOf(cluster, () => {}),
    nodeAddresses: nodeAddresses(cluster, facts),
    freeNodePort: freeNodePort(read, selection, facts),
  }
}

function nodeAddresses({ nodes }: Cluster, { hostAddresses }: Facts): ReadonlyMap<IP, string> {
  const owners = new Map<IP, string>()
  for (const ip of hostAddresses) owners.set(ip, 'this machine')
  for (const node of nodes) for (const ip of nodeIPs(node)) owners.set(ip, `Node ${node.name}`)
  return owners
}

/** Nothing is looked for before a rule has a number to suggest. */
function freeNodePort(
  { cluster, granteds }: Read,
  { targets }: Selection,
  { pools, held, ephemeral }: Facts,
): Surveyed['freeNodePort'] {
  const taken = function* (): Generator<number> {
    for (const { spec } of [...cluster.services, ...granteds]) yield* nodePortsOf(spec)
    for (const spec of held.values()) yield* nodePortsOf(spec)
    for (const { port } of hostPortsOf(targets)) yield port
    yield* ephemeralPorts(ephemeral)
  }
  let suggest: Surveyed['freeNodePort'] | undefined
  return (name) => {
    suggest ??= freeNodePorts(taken(), pools.nodePorts, pools.reservedNodePorts)
    return suggest(name)
  }
}

function* ephemeralPorts({ range, reserved }: Facts['ephemeral']): Generator<number> {
  for (let port = range.first; port <= range.last; port++) {
    if (!reserved.some((block) => inRange(block, port))) yield port
  }
}
