import { keepsIt, virtualServerConflict } from '../diagnostic/complaints.ts'
import type { Report } from '../diagnostic/diagnostic.ts'
import { nameOf } from '../object/metadata.ts'
import type { Granted } from '../pool/grant.ts'
import type { Roster } from '../roster/roster.ts'
import { directorServersOf } from './director.ts'
import type { Settings } from './service-settings.ts'
import type { View } from './view.ts'
import { type Cause, identityOf, type Table, type VirtualServer } from './virtual-server.ts'
import { virtualServersOf } from './virtual-servers.ts'

/** The whole table of a node or a director, whatever the order of the Services. */
export function tableFor(
  services: readonly Granted[],
  roster: Roster,
  view: View,
  defaults: Settings,
  report: Report,
): Table {
  const sorted = services.map((service) => ({ service, name: nameOf(service) })).sort(byName)
  return settle(
    sorted.flatMap(({ service }) => serversFor(service, roster, view, defaults, report)),
    report,
  )
}

/** What one Service asks for, before it is known whether another asks for the same. */
export function serversFor(
  service: Granted,
  roster: Roster,
  view: View,
  defaults: Settings,
  report: Report,
): readonly VirtualServer[] {
  return view.role === 'director'
    ? directorServersOf(service, roster, view, defaults, report)
    : virtualServersOf(service, roster, view, defaults, report)
}

/**
 * Gives each virtual server to one of those who ask for it, and reports the others. A Service port
 * that asks twice, by an external IP that is its load-balancer address as well, is not at odds with
 * itself.
 */
export function settle(claims: readonly VirtualServer[], report: Report): Table {
  const table = new Map<string, VirtualServer>()
  const losers: [identity: string, loser: VirtualServer][] = []
  for (const claim of claims) {
    const identity = identityOf(claim)
    const holder = table.get(identity)
    if (holder === undefined) table.set(identity, claim)
    else {
      const claimWins = compareClaims(claim, holder) < 0
      if (claimWins) table.set(identity, claim)
      if (!isSamePort(claim, holder)) losers.push([identity, claimWins ? holder : claim])
    }
  }
  reportConflicts(table, losers, report)
  return [...table.values()]
}

/**
 * Who keeps a virtual server that several ask for, the first of them in this order. What was handed
 * out goes before what was merely named, so that nobody takes another's cluster IP or node port by
 * naming it as an external address; then names decide.
 */
export function compareClaims({ cause: a }: VirtualServer, { cause: b }: VirtualServer): number {
  if (a === undefined || b === undefined) return 0
  if (a.kind !== b.kind) return ranks.indexOf(a.kind) - ranks.indexOf(b.kind)
  if (a.service !== b.service) return a.service < b.service ? -1 : 1
  return a.port < b.port ? -1 : a.port > b.port ? 1 : 0
}

const ranks: readonly Cause['kind'][] = [
  'clusterIP',
  'nodePort',
  'loadBalancer',
  'externalIP',
  'vip',
]

function isSamePort({ cause: a }: VirtualServer, { cause: b }: VirtualServer): boolean {
  return a?.service === b?.service && a?.port === b?.port
}

/** A node port taken on five addresses of a node is one conflict, not five. */
function reportConflicts(
  table: ReadonlyMap<string, VirtualServer>,
  losers: readonly [identity: string, loser: VirtualServer][],
  report: Report,
): void {
  const reported = new Set<string>()
  for (const [identity, { cause: loser }] of losers) {
    const winner = table.get(identity)?.cause
    if (loser === undefined || winner === undefined) continue
    const key = [loser, winner]
      .map(({ service, port, kind }) => `${service} ${port} ${kind}`)
      .join()
    if (reported.has(key)) continue
    reported.add(key)
    const related = winner.place && { at: winner.place, label: keepsIt(winner) }
    const said = virtualServerConflict(identity, loser, winner)
    report(related === undefined ? said.at(loser.place) : said.at(loser.place, related))
  }
}

function byName({ name: a }: { name: string }, { name: b }: { name: string }): number {
  return a < b ? -1 : a > b ? 1 : 0
}
