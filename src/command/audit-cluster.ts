import { contains } from '../address/cidr.ts'
import { type IP, ipIn, withPort } from '../address/ip.ts'
import { isProtocol, protocolNumbers } from '../address/port.ts'
import { isError } from '../diagnostic/diagnostic.ts'
import { plain, renderDiagnostic } from '../diagnostic/frame.ts'
import { withEntries } from '../ledger/ledger.ts'
import { nameOf } from '../object/metadata.ts'
import type { Change } from '../table/change.ts'
import { isDriftFrom } from '../table/drift.ts'
import { knownDraining } from '../table/leaving.ts'
import { nodePortIPs } from '../table/node-addresses.ts'
import { type Plan, planFor, type Wish, wishFor } from '../table/plan.ts'
import type { ViewOptions } from '../table/view.ts'
import { identityOf, type VirtualServer } from '../table/virtual-server.ts'
import { commandsAgainst } from '../terrain/remains.ts'
import { type Diff, diffOf, printDiff } from '../text/ipvsadm/diff.ts'
import {
  type Left,
  leftRealServers,
  leftServers,
  type Owner,
  printLeft,
} from '../text/ipvsadm/left.ts'
import { printTime } from '../text/kubectl/age.ts'
import { printJSON } from '../text/kubectl/json.ts'
import type { Wished } from '../watch/compilation.ts'
import { Mind } from '../watch/mind.ts'
import { type World, WorldError } from '../world/world.ts'
import { type AccessFlags, accessTo, proxied } from './api-access.ts'
import type { AuditFlags } from './audit.ts'
import { type CompileFlags, compileOptions } from './compile-input.ts'
import { complaintAbout } from './conflicts.ts'
import { ExitCode } from './exit-code.ts'
import { hostPartFor } from './host-part.ts'
import { type LedgerStore, openLedger } from './ledger.ts'
import { serviceWish } from './wishes.ts'

export interface AuditClusterFlags extends AuditFlags, CompileFlags, AccessFlags {
  readonly from: 'kubernetes'
  readonly set: string
}

/** What the API server asks for, the ledger and the kernel: where they differ, and what was left. */
export async function auditCluster(flags: AuditClusterFlags, world: World): Promise<ExitCode> {
  const store = openLedger(flags, world)
  const { ledger } = store
  const { options, faults, excludeCIDRs } = compileOptions(flags, new Map(), ledger, world)
  const [fault] = faults.filter(isError)
  if (fault !== undefined) throw new WorldError(fault.message, { kind: 'input' })
  const changed = await world.listCluster({ access: accessTo(flags, world), resources: proxied })

  const aims = { isGranted: true, simulate: false, allowEmpty: true, probes: 0 }
  const mind = new Mind({ ...options, ...aims, set: flags.set })
  const surroundings = { ledger, view: options.view, now: 0 }
  const said = mind.hear({ changed, gone: [], away: [] }, surroundings)
  for (const diagnostic of said) {
    if (isError(diagnostic)) world.say(renderDiagnostic(diagnostic, plain))
  }
  if (mind.broken.size > 0) return ExitCode.Usage

  const { wished, removed } = mind.decideAll(ledger)
  const kernel = await world.openKernel()
  const live = await kernel.readTable('whole').finally(kernel.close)
  const now = world.now()
  const plan = planFor({
    ...{ wishes: wishesOf(wished, removed, flags.set, store, now), removed, ledger, live },
    ...{ adopt: true, excluded: excludeCIDRs, drain: { now, timeoutMs: patience } },
  })
  for (const conflict of plan.conflicts) {
    world.say(renderDiagnostic(complaintAbout(conflict), plain))
  }
  const host = await hostPartFor('follow', ledger, withEntries(ledger, plan.changed), world)
  host.close()

  const remains = await world.readRemains()
  const owners = ownersOf(wished)
  const bound = new Set(remains.addresses)
  const { view } = mind.compilation
  const nodes = new Set(view?.role === 'node' ? [...view.addresses, ...hostsIn(options.view)] : [])
  const nodePorts = nodePortsOf(wished)
  const { left: servers, others } = leftServers(plan.foreign.toSorted(byIdentity), (server) => {
    if (excludeCIDRs.some((block) => contains(block, server.address))) return undefined
    return ownerOf(server, { owners, nodes, bound, nodePorts })
  })
  const judged = withLeavers({ ...plan, foreign: others, strangers: [] }, store)
  const diff = diffOf(judged, live, host.steps, isDriftFrom(ledger, now))
  const found: ClusterDiff = {
    ...diff,
    // What comes from an API server stands on no line.
    changes: diff.changes.map((change) => ({ ...change, place: undefined })),
    draining: diff.draining.map((row, index) => {
      const one = judged.draining[index]
      return one === undefined || isKnown(one, store) ? row : { ...row, until: undefined }
    }),
    left: [
      ...servers,
      ...leftRealServers(plan.strangers),
      ...commandsAgainst(remains, new Set(owners.keys())).map((command) => ({
        ...{ command, service: undefined, connections: 0, reason: 'of kube-proxy' },
      })),
    ],
  }
  if (flags.output === 'json') world.print(printJSON(found))
  else {
    const paint = await world.paintFor('stdout', flags.color)
    const parts = [printDiff(found, paint), printLeft(found.left, paint)]
    world.print(parts.filter((part) => part !== '').join('\n'))
  }
  const count = judged.changes.length + plan.conflicts.length + found.left.length
  return count + found.host.length === 0 ? ExitCode.Done : ExitCode.No
}

function byIdentity(a: VirtualServer, b: VirtualServer): number {
  return identityOf(a) < identityOf(b) ? -1 : 1
}

interface ClusterDiff extends Diff {
  /** What kube-proxy, or whoever else, left behind. */
  readonly left: readonly Left[]
}

/** Whoever drains has still connections; how long they may last is no question here. */
const patience = 900_000

/** What the API server asks for; and what the ledger holds of other sets is to stay as it is. */
function wishesOf(
  wished: readonly Wished[],
  removed: readonly string[],
  set: string,
  { ledger }: LedgerStore,
  now: Date,
): readonly Wish[] {
  const context = { set, ledger, created: printTime(now) }
  const wishes = wished.map(({ granted, servers }) => serviceWish(granted, servers, context))
  const known = new Set([...removed, ...wishes.map(({ entry }) => entry.name)])
  const others = [...ledger.entries.values()].filter(({ name }) => !known.has(name))
  return [...others.map(wishFor), ...wishes]
}

/** The addresses of Services, and whose they are. */
function ownersOf(wished: readonly Wished[]): ReadonlyMap<IP, string> {
  const owners = new Map<IP, string>()
  for (const { granted } of wished) {
    const { clusterIP = '', clusterIPs = [], externalIPs = [] } = granted.spec
    const ingresses = granted.ingress.flatMap(({ ip }) => ip ?? [])
    const texts = [clusterIP, ...clusterIPs, ...externalIPs, ...ingresses]
    for (const text of texts) {
      const ip = ipIn(text)
      if (ip !== undefined && !owners.has(ip)) owners.set(ip, nameOf(granted))
    }
  }
  return owners
}

/** The node ports of Services, each with its protocol. */
function nodePortsOf(wished: readonly Wished[]): ReadonlySet<string> {
  const ports = wished.flatMap(({ granted }) => granted.spec.ports)
  return new Set(
    ports.flatMap(({ protocol, nodePort }) => {
      return isProtocol(protocol) ? [`${protocolNumbers[protocol]} ${nodePort}`] : []
    }),
  )
}

function hostsIn(view: ViewOptions): readonly IP[] {
  if (view.role !== 'node') return []
  return nodePortIPs(view.host.addresses, [], [])
}

interface Places {
  readonly owners: ReadonlyMap<IP, string>
  readonly nodes: ReadonlySet<IP>
  readonly bound: ReadonlySet<IP>
  readonly nodePorts: ReadonlySet<string>
}

function ownerOf(
  { address, protocol, port }: VirtualServer,
  { owners, nodes, bound, nodePorts }: Places,
): Owner | undefined {
  const service = owners.get(address)
  if (service !== undefined) return { service, reason: 'its address, but no port of it' }
  const none = { service: undefined }
  if (nodes.has(address)) {
    // kube-proxy has node ports on more addresses of a host than its Node has.
    if (nodePorts.has(`${protocol} ${port}`)) return undefined
    return { ...none, reason: 'no Service has such a node port' }
  }
  return bound.has(address) ? { ...none, reason: 'no Service has the address' } : undefined
}

/** A real server that still gets connections, though no slice has it, is one to take away. */
function withLeavers(plan: Plan, store: LedgerStore): Plan {
  const leavers = new Set(plan.draining.filter((row) => !isKnown(row, store)).map(placeOf))
  const gone = new Set<string>()
  const changes = plan.changes.map((change): Change => {
    if (change.verb !== 'adjust' || !leavers.has(placeOf(change))) return change
    gone.add(placeOf(change))
    return { ...change, verb: 'detach' }
  })
  return { ...plan, changes, draining: plan.draining.filter((row) => !gone.has(placeOf(row))) }
}

type Row = Plan['draining'][number]

function isKnown(row: Row, { ledger }: LedgerStore): boolean {
  return knownDraining(ledger.entries.values()).has(placeOf(row))
}

function placeOf({ server, realServer }: Omit<Row, 'until'>): string {
  return `${identityOf(server)} ${withPort(realServer.address, realServer.port)}`
}
