import { type CIDR, parseCIDR } from '../address/cidr.ts'
import { type Family, familyOf, type IP } from '../address/ip.ts'
import type { PortRange } from '../address/port.ts'
import type { Report } from '../diagnostic/diagnostic.ts'
import type { Service, ServiceSpec } from '../object/service.ts'
import { clusterIPsOf } from './addresses.ts'
import { clusterIPPool, kubernetesAddress } from './cluster-ip-pool.ts'
import { type Draft, draftAll } from './draft.ts'
import { type Granted, grantOf } from './grant.ts'
import {
  beside,
  drawNumbers,
  found,
  grantWishes,
  keepNumbers,
  ledgerClaim,
  type Refusals,
} from './hand-out.ts'
import { likelyBlocks } from './likely-blocks.ts'
import type { Need, Refuse } from './need.ts'
import { defaultNodePorts, nodePortPool } from './node-port-pool.ts'
import { nodePortsOf } from './node-ports.ts'
import { type Claim, giveUp, type Pool, take } from './pool.ts'

/** What there is to hand out. */
export interface PoolOptions {
  readonly nodePorts: PortRange
  /** Node ports that are never handed out automatically; a wish for one is granted. */
  readonly reservedNodePorts: readonly PortRange[]
  /** One, or one of each family: the first is the default. Nobody may know them. */
  readonly serviceCIDRs: readonly CIDR[] | undefined
}

/** What kubeadm gives a cluster. */
export const defaultPools: PoolOptions = {
  nodePorts: defaultNodePorts,
  reservedNodePorts: [],
  serviceCIDRs: ['10.96.0.0/12'].flatMap((text) => parseCIDR(text) ?? []),
}

/**
 * Hands out node ports and cluster IPs: first what the ledger holds, then what is wished for, then
 * what is left to the pools. Who comes first is a matter of names, so the order of the Services
 * makes no difference. A Service that cannot have all it needs is reported and not granted; what
 * else it wishes for still counts, so that every collision is found at once.
 */
export function allocate(
  services: readonly Service[],
  held: ReadonlyMap<string, ServiceSpec>,
  options: PoolOptions,
  report: Report,
): readonly Granted[] {
  const pools = openPools(options, services)
  const refusals: Refusals = []
  const drafts = draftAll(services, held, [...pools.clusterIPs.keys()], refuseTo(refusals))

  keepWhatIsHeld(drafts, held, pools)
  for (const draft of drafts) inEachPool(draft, pools, grantWishes, refusals)
  for (const draft of drafts) inEachPool(draft, pools, drawNumbers, refusals)

  for (const refusal of refusals) report(refusal())
  const granted = new Array<Granted | undefined>(services.length)
  for (const draft of drafts) granted[draft.index] = grantTo(draft)
  return granted.filter((grant) => grant !== undefined)
}

/** Takes down what the rules have to say, and of whom. */
function refuseTo(refusals: Refusals): Refuse {
  return (draft, said, path, first) => {
    const { origin } = draft.service
    draft.refused = true
    refusals.push(() => {
      const related = first === undefined ? [] : beside(origin, first, 'first given here')
      return found(said, origin, path, related)
    })
  }
}

interface Pools {
  readonly nodePorts: Pool<number>
  readonly clusterIPs: ReadonlyMap<Family, Pool<IP>>
  /** Every cluster has a Service `default/kubernetes`, and this is its address. */
  readonly kubernetes: IP | undefined
}

function openPools(options: PoolOptions, services: readonly Service[]): Pools {
  const { nodePorts, reservedNodePorts, serviceCIDRs = likelyBlocks(services) } = options
  const clusterIPs = new Map<Family, Pool<IP>>()
  for (const cidr of serviceCIDRs) {
    const family = familyOf(cidr.base)
    if (!clusterIPs.has(family)) clusterIPs.set(family, clusterIPPool(cidr))
  }
  const [first] = serviceCIDRs
  const kubernetes = first === undefined ? undefined : kubernetesAddress(first)
  return { nodePorts: nodePortPool(nodePorts, reservedNodePorts), clusterIPs, kubernetes }
}

/**
 * Whatever the ledger holds stays taken, also for Services that are not here. Only a number that
 * its own Service has no use for any more may go to whoever wishes for it.
 */
function keepWhatIsHeld(
  drafts: readonly Draft[],
  held: ReadonlyMap<string, ServiceSpec>,
  pools: Pools,
): void {
  const here = new Set(drafts.map(({ name }) => name))
  for (const [service, spec] of held) {
    if (here.has(service)) continue
    const claim: Claim = { service, by: 'ledger', origin: undefined, path: [] }
    takeNodePorts(spec, claim, pools)
    takeAddresses(spec, claim, pools)
  }
  for (const draft of drafts) if (draft.held !== undefined) keepItsOwn(draft, draft.held, pools)
  for (const draft of drafts) if (draft.held !== undefined) giveUpTheRest(draft.held, pools)
  if (pools.kubernetes !== undefined) takeAddress(pools.kubernetes, everyCluster, pools)
}

const everyCluster: Claim = {
  service: 'default/kubernetes',
  by: 'cluster',
  origin: undefined,
  path: [],
}

function keepItsOwn(draft: Draft, held: ServiceSpec, pools: Pools): void {
  inEachPool(draft, pools, keepNumbers, [])
  // A Service that is refused gives nothing up.
  if (!draft.refused && draft.addresses !== undefined && draft.ports !== undefined) return
  takeNodePorts(held, ledgerClaim(draft), pools)
  takeAddresses(held, ledgerClaim(draft), pools)
}

function giveUpTheRest(held: ServiceSpec, pools: Pools): void {
  for (const port of nodePortsOf(held)) giveUp(pools.nodePorts, port)
  for (const ip of clusterIPsOf(held)) {
    const pool = pools.clusterIPs.get(familyOf(ip))
    if (pool !== undefined) giveUp(pool, ip)
  }
}

function takeNodePorts(spec: ServiceSpec, claim: Claim, pools: Pools): void {
  for (const port of nodePortsOf(spec)) take(pools.nodePorts, port, claim)
}

function takeAddresses(spec: ServiceSpec, claim: Claim, pools: Pools): void {
  for (const ip of clusterIPsOf(spec)) takeAddress(ip, claim, pools)
}

function takeAddress(ip: IP, claim: Claim, { clusterIPs }: Pools): void {
  const pool = clusterIPs.get(familyOf(ip))
  if (pool !== undefined) take(pool, ip, claim)
}

type Step = <N>(pool: Pool<N>, needs: readonly Need<N>[], draft: Draft, refusals: Refusals) => void

function inEachPool(draft: Draft, pools: Pools, step: Step, refusals: Refusals): void {
  for (const need of draft.addresses?.needs ?? []) {
    const pool = pools.clusterIPs.get(need.family)
    if (pool !== undefined) step(pool, [need], draft, refusals)
    // The cluster has lost the family, but not the Service.
    else if (need.kept) need.got = need.wish
  }
  if (draft.ports !== undefined) step(pools.nodePorts, draft.ports.needs, draft, refusals)
}

function grantTo({ service, addresses, ports, refused }: Draft): Granted | undefined {
  if (addresses === undefined || ports === undefined || refused) return undefined
  return isServed(addresses.needs) && isServed(ports.needs)
    ? grantOf(service, addresses, ports)
    : undefined
}

function isServed(needs: readonly Need<unknown>[]): boolean {
  return needs.every(({ got }) => got !== undefined)
}
