import type { Report } from '../diagnostic/diagnostic.ts'
import { sameValue } from '../ledger/same-value.ts'
import { nameOf } from '../object/metadata.ts'
import type { Node } from '../object/node.ts'
import type { Service, ServiceSpec } from '../object/service.ts'
import { allocate, type PoolOptions } from '../pool/allocate.ts'
import type { Granted } from '../pool/grant.ts'
import type { Roster } from '../roster/roster.ts'
import type { Settings } from '../table/service-settings.ts'
import { compareClaims, serversFor, settle } from '../table/table.ts'
import { type View, type ViewOptions, viewOf } from '../table/view.ts'
import { identityOf, type RealServer, type VirtualServer } from '../table/virtual-server.ts'
import type { Catalogue, Touched } from './catalogue.ts'
import { type HealthCheck, healthCheckOf } from './health-check.ts'

export interface CompilationOptions {
  readonly pools: PoolOptions
  readonly settings: Settings
  /** Whether Services come with all their numbers, as an API server tells them. */
  readonly isGranted: boolean
  /** Whether pods that are made up may be real servers. */
  readonly simulate: boolean
}

/** What holds at the moment of an update. */
export interface Circumstances {
  readonly catalogue: Catalogue
  /** What the ledger holds, by the Service's name; asked for where numbers are handed out. */
  readonly held: () => ReadonlyMap<string, ServiceSpec>
  readonly view: ViewOptions
  /** Who answers for a Service may be seen otherwise than it is written. */
  readonly seen: (service: Granted, roster: Roster) => Roster
}

/** A Service, and the virtual servers that it is to have. */
export interface Wished {
  readonly granted: Granted
  readonly servers: readonly VirtualServer[]
}

/**
 * The compiler, kept ready: it knows what it made of every Service, and makes anew only what a
 * change touches.
 */
export class Compilation {
  readonly #options: CompilationOptions
  readonly #granted = new Map<string, Granted>()
  /** The Services as they were when numbers were last handed out. */
  readonly #written = new Map<string, Service>()
  readonly #claims = new Map<string, readonly VirtualServer[]>()
  readonly #claimants = new Map<string, Set<string>>()
  readonly #healthChecks = new Map<string, HealthCheck>()
  readonly #refused = new Set<string>()
  readonly #contested = new Set<string>()
  /** What was wrong with numbers when they were last handed out. */
  #said: ReadonlySet<string> = new Set()
  #view: View | undefined

  constructor(options: CompilationOptions) {
    this.#options = options
  }

  get view(): View | undefined {
    return this.#view
  }

  /** Services whose numbers cannot be had: they stay as they were. */
  get refused(): ReadonlySet<string> {
    return this.#refused
  }

  /** Virtual servers that several Services ask for. */
  get contested(): ReadonlySet<string> {
    return this.#contested
  }

  /** What balancers may ask, by the names of the Services. */
  get healthChecks(): ReadonlyMap<string, HealthCheck> {
    return this.#healthChecks
  }

  get names(): Iterable<string> {
    return this.#granted.keys()
  }

  /** Does anybody ask for a virtual server? */
  isAskedFor(identity: string): boolean {
    return (this.#claimants.get(identity)?.size ?? 0) > 0
  }

  wished(name: string): Wished | undefined {
    const granted = this.#granted.get(name)
    return granted && { granted, servers: this.#servers(name) }
  }

  /** Would the table be another one, seen from where we are now? */
  isSeenAs(nodes: readonly Node[], options: ViewOptions): boolean {
    return sameValue(
      this.#view,
      viewOf(nodes, options, () => {}),
    )
  }

  /** Makes anew what is touched; answers whose virtual servers may be others than before. */
  update(touched: Touched, now: Circumstances, report: Report): ReadonlySet<string> {
    const names = new Set(touched.services)
    if (touched.written.size > 0) this.#allocate(touched, names, now, report)
    if (touched.all || this.#view === undefined) {
      this.#view = viewOf(now.catalogue.nodes, now.view, report)
      for (const name of this.#granted.keys()) names.add(name)
    }
    const identities = new Set<string>()
    for (const name of names) this.#claim(name, touched.written.has(name), now, identities, report)
    for (const identity of identities) this.#contest(identity, names, report)
    return names
  }

  #allocate(
    { written }: Touched,
    names: Set<string>,
    { catalogue, held }: Circumstances,
    report: Report,
  ): void {
    const { services } = catalogue
    const said = new Set<string>()
    const { isGranted, pools } = this.#options
    const granteds = isGranted
      ? [...services.values()].map(asGranted)
      : allocate([...services.values()], held(), pools, (diagnostic) => {
          const { message } = diagnostic
          said.add(message)
          if (!this.#said.has(message)) report(diagnostic)
        })
    this.#said = said
    const fresh = new Map(granteds.map((granted) => [nameOf(granted), granted]))
    for (const name of this.#granted.keys()) {
      if (services.has(name)) continue
      names.add(name)
      this.#granted.delete(name)
      this.#written.delete(name)
    }
    this.#refused.clear()
    for (const [name, service] of services) {
      const granted = fresh.get(name)
      if (granted === undefined) {
        this.#refused.add(name)
        continue
      }
      const old = this.#granted.get(name)
      const isSame = this.#written.get(name) === service && !written.has(name)
      if (old !== undefined && isSame && sameValue(old.spec, granted.spec)) continue
      this.#granted.set(name, granted)
      this.#written.set(name, service)
      names.add(name)
    }
  }

  #claim(
    name: string,
    isWritten: boolean,
    { catalogue, seen }: Circumstances,
    identities: Set<string>,
    report: Report,
  ): void {
    for (const server of this.#claims.get(name) ?? []) {
      const identity = identityOf(server)
      identities.add(identity)
      const claimants = this.#claimants.get(identity)
      claimants?.delete(name)
      if (claimants?.size === 0) this.#claimants.delete(identity)
    }
    this.#claims.delete(name)
    this.#healthChecks.delete(name)
    const granted = this.#granted.get(name)
    if (granted === undefined || this.#view === undefined) return
    const roster = seen(granted, catalogue.roster)
    const healthCheck = healthCheckOf(granted, roster, this.#view)
    if (healthCheck !== undefined) this.#healthChecks.set(name, healthCheck)
    const { settings, simulate } = this.#options
    // What somebody did not just write was complained of when it was written.
    const claims = serversFor(granted, roster, this.#view, settings, isWritten ? report : () => {})
    this.#claims.set(name, simulate ? claims : claims.map(withoutSimulated))
    for (const server of claims) {
      const identity = identityOf(server)
      identities.add(identity)
      const claimants = this.#claimants.get(identity)
      if (claimants === undefined) this.#claimants.set(identity, new Set([name]))
      else claimants.add(name)
    }
  }

  /** Where several ask for one virtual server, a change of one may concern the others. */
  #contest(identity: string, names: Set<string>, report: Report): void {
    const claimants = this.#claimants.get(identity)
    if (claimants === undefined || claimants.size < 2) {
      this.#contested.delete(identity)
      for (const name of claimants ?? []) names.add(name)
      return
    }
    for (const name of claimants) names.add(name)
    if (this.#contested.has(identity)) return
    this.#contested.add(identity)
    settle(this.#claimsTo(identity), report)
  }

  #servers(name: string): readonly VirtualServer[] {
    const servers = new Map<string, VirtualServer>()
    for (const claim of this.#claims.get(name) ?? []) {
      const identity = identityOf(claim)
      const known = servers.get(identity)
      if (known !== undefined && compareClaims(claim, known) >= 0) continue
      if (this.#winner(identity, claim) === name) servers.set(identity, claim)
    }
    return [...servers.values()]
  }

  #winner(identity: string, claim: VirtualServer): string | undefined {
    if (this.#claimants.get(identity)?.size === 1) return claim.cause?.service
    let best: VirtualServer | undefined
    for (const other of this.#claimsTo(identity)) {
      if (best === undefined || compareClaims(other, best) < 0) best = other
    }
    return best?.cause?.service
  }

  #claimsTo(identity: string): readonly VirtualServer[] {
    return [...(this.#claimants.get(identity) ?? [])].flatMap((name) =>
      (this.#claims.get(name) ?? []).filter((claim) => identityOf(claim) === identity),
    )
  }
}

/** The numbers of an API server are facts, in whatever ranges they are. */
function asGranted({ spec, ...service }: Service): Granted {
  const { ipFamilies = [], ipFamilyPolicy, ...rest } = spec
  void ipFamilyPolicy
  const families = ipFamilies.filter((name) => name === 'IPv4' || name === 'IPv6')
  return { ...service, spec: { ...rest, ipFamilies: families } }
}

function withoutSimulated(server: VirtualServer): VirtualServer {
  const isReal = ({ simulated }: RealServer): boolean => simulated !== true
  return server.realServers.every(isReal)
    ? server
    : { ...server, realServers: server.realServers.filter(isReal) }
}
