import { withPort } from '../address/ip.ts'
import { heldIdentity, type Ledger } from '../ledger/ledger.ts'
import type { Change, Verb } from '../table/change.ts'
import { type Counters, identityOf, type Table } from '../table/virtual-server.ts'
import {
  emptyHistogram,
  type Family,
  type Histogram,
  observed,
  type Sample,
  samplesOf,
} from '../text/prometheus/families.ts'

export type Scope = 'part' | 'whole'

/** What an agent counts of what it does. */
export class Numbers {
  readonly #durations: Record<Scope, Histogram> = {
    part: emptyHistogram(limits),
    whole: emptyHistogram(limits),
  }
  readonly #results = new Map<string, number>()
  readonly #changes = new Map<Verb, number>()
  readonly #drift = new Map<Verb, number>()
  readonly #answers = new Map<'passed' | 'failed', number>()

  /** The table is as it is wanted, after so many seconds of work. */
  synced(
    scope: Scope,
    seconds: number,
    changes: readonly Change[],
    drift: readonly Change[],
  ): void {
    this.#durations[scope] = observed(this.#durations[scope], seconds)
    add(this.#results, `${scope} done`)
    for (const { verb } of changes) add(this.#changes, verb)
    for (const { verb } of drift) add(this.#drift, verb)
  }

  /** A back end was asked whether it answers. */
  asked(passed: boolean): void {
    add(this.#answers, passed ? 'passed' : 'failed')
  }

  failed(scope: Scope): void {
    add(this.#results, `${scope} failed`)
  }

  families(): readonly Family[] {
    return [
      {
        name: 'nodeport_syncs_total',
        type: 'counter',
        help: 'Attempts to make the kernel agree, with what a change touches or with the whole table.',
        samples: scopes.flatMap((scope) =>
          ['done', 'failed'].map((result): Sample => {
            return {
              labels: { scope, result },
              value: this.#results.get(`${scope} ${result}`) ?? 0,
            }
          }),
        ),
      },
      {
        name: 'nodeport_sync_duration_seconds',
        type: 'histogram',
        help: 'How long an attempt took.',
        samples: scopes.flatMap((scope) => samplesOf(this.#durations[scope], { scope })),
      },
      {
        name: 'nodeport_changes_total',
        type: 'counter',
        help: 'Changes made in the kernel, by their verb.',
        samples: byVerb(this.#changes),
      },
      {
        name: 'nodeport_drift_repaired_total',
        type: 'counter',
        help: 'Changes that put back what somebody else had changed, by their verb.',
        samples: byVerb(this.#drift),
      },
      {
        name: 'nodeport_probe_results_total',
        type: 'counter',
        help: 'Answers of back ends that were asked whether they answer.',
        samples: (['passed', 'failed'] as const).map((result) => {
          return { labels: { result }, value: this.#answers.get(result) ?? 0 }
        }),
      },
    ]
  }
}

/** What an agent knows at the moment. */
export interface Standing {
  readonly version: string
  readonly isReady: boolean
  /** Whether each path can be read. */
  readonly sources: ReadonlyMap<string, boolean>
  readonly broken: number
  /** Seconds for which something has been wanted that is not done. */
  readonly lag: number
  readonly services: number
  readonly refused: number
  readonly conflicts: number
  readonly foreign: number
  /** What the host refuses of its own part. */
  readonly hostRefusals: number
  /** When the table was last as it is wanted, in seconds since 1970. */
  readonly synced: number
  readonly probes: { readonly passing: number; readonly failing: number }
  readonly usage: { readonly memory: number; readonly processor: number }
  readonly ledger: Ledger
}

export function standingFamilies(standing: Standing): readonly Family[] {
  const { ledger, usage } = standing
  const held = [...ledger.entries.values()]
  const servers = held.flatMap((entry) => entry.servers)
  const realServers = servers.reduce((sum, server) => sum + server.realServers.length, 0)
  const draining = held.reduce((sum, entry) => sum + (entry.draining?.length ?? 0), 0)
  return [
    gauge('nodeport_build_info', 'Which version this is.', [
      { labels: { version: standing.version }, value: 1 },
    ]),
    gauge('nodeport_ready', 'Whether the table was ever as it is wanted.', [
      { value: standing.isReady ? 1 : 0 },
    ]),
    gauge(
      'nodeport_source_up',
      'Whether a source can be read.',
      [...standing.sources].map(([source, up]) => ({ labels: { source }, value: up ? 1 : 0 })),
    ),
    gauge(
      'nodeport_source_broken_files',
      'Files with mistakes in them: they count as they were before.',
      [{ value: standing.broken }],
    ),
    gauge('nodeport_source_lag_seconds', 'How long something has been wanted that is not done.', [
      { value: standing.lag },
    ]),
    gauge('nodeport_last_sync_timestamp_seconds', 'When the table was last as it is wanted.', [
      { value: standing.synced },
    ]),
    gauge('nodeport_services', 'Services that are wanted.', [{ value: standing.services }]),
    gauge('nodeport_services_refused', 'Services whose numbers cannot be had.', [
      { value: standing.refused },
    ]),
    gauge('nodeport_virtual_servers', 'Virtual servers in the kernel.', [
      { labels: { owner: 'nodeport' }, value: servers.length },
      { labels: { owner: 'others' }, value: standing.foreign },
    ]),
    gauge('nodeport_real_servers', 'Real servers that are wanted.', [{ value: realServers }]),
    gauge('nodeport_real_servers_draining', 'Real servers that end their connections.', [
      { value: draining },
    ]),
    gauge('nodeport_conflicts', 'Virtual servers that are wanted and that somebody else has.', [
      { value: standing.conflicts },
    ]),
    gauge('nodeport_host_refusals', 'What the host refused of its part when last it was asked.', [
      { value: standing.hostRefusals },
    ]),
    gauge('nodeport_probes', 'Back ends that are asked whether they answer.', [
      { labels: { state: 'passing' }, value: standing.probes.passing },
      { labels: { state: 'failing' }, value: standing.probes.failing },
    ]),
    gauge('process_resident_memory_bytes', 'Memory that the agent takes.', [
      { value: usage.memory },
    ]),
    {
      name: 'process_cpu_seconds_total',
      type: 'counter',
      help: 'Processor time that the agent took.',
      samples: [{ value: usage.processor }],
    },
  ]
}

export interface TrafficOptions {
  readonly node: string
  /** Also numbers of every real server, of which there may be very many. */
  readonly perEndpoint: boolean
}

/** So many Service ports have numbers of their own; those of all others are added up. */
export const mostServicePorts = 2000

/** What passes through the table. `counted` has counters, and `listed` has real servers. */
export function trafficFamilies(
  ledger: Ledger,
  counted: Table,
  listed: Table,
  { node, perEndpoint }: TrafficOptions,
): readonly Family[] {
  const labels = labelsByIdentity(ledger, node)
  const traffic = new Map<Labels, Traffic>()
  for (const server of counted) {
    const own = labels.get(identityOf(server))
    if (own === undefined || server.counters === undefined) continue
    const sums = traffic.get(own) ?? { ...nothing }
    traffic.set(own, sums)
    for (const key of counterKeys) sums[key] += server.counters[key]
  }
  const endpoints: Sample[][] = [[], []]
  for (const server of listed) {
    const own = labels.get(identityOf(server))
    if (own === undefined) continue
    const sums = traffic.get(own) ?? { ...nothing }
    traffic.set(own, sums)
    for (const { address, port, connections } of server.realServers) {
      const { active = 0, inactive = 0 } = connections ?? {}
      sums.active += BigInt(active)
      sums.inactive += BigInt(inactive)
      if (!perEndpoint) continue
      const virtual = identityOf(server)
      const more = { ...own, virtual_server: virtual, endpoint: withPort(address, port) }
      endpoints[0]?.push({ labels: more, value: active })
      endpoints[1]?.push({ labels: more, value: inactive })
    }
  }
  const samples = (key: keyof Traffic): Sample[] =>
    [...traffic].map(([own, sums]) => ({ labels: { ...own }, value: sums[key] }))
  return [
    counter('nodeport_service_connections_total', 'Connections that came.', samples('connections')),
    counter('nodeport_service_in_packets_total', 'Packets from clients.', samples('inPackets')),
    counter('nodeport_service_out_packets_total', 'Packets to clients.', samples('outPackets')),
    counter('nodeport_service_in_bytes_total', 'Bytes from clients.', samples('inBytes')),
    counter('nodeport_service_out_bytes_total', 'Bytes to clients.', samples('outBytes')),
    gauge('nodeport_service_active_connections', 'Connections that are open.', samples('active')),
    gauge(
      'nodeport_service_inactive_connections',
      'Connections that are closing, or have no end.',
      samples('inactive'),
    ),
    gauge(
      'nodeport_endpoint_active_connections',
      'The same of every real server.',
      endpoints[0] ?? [],
    ),
    gauge(
      'nodeport_endpoint_inactive_connections',
      'The same of every real server.',
      endpoints[1] ?? [],
    ),
  ]
}

const limits = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10]
const scopes: readonly Scope[] = ['part', 'whole']
const verbs: readonly Verb[] = ['add', 'edit', 'delete', 'attach', 'adjust', 'detach']

const counterKeys = [
  'connections',
  'inPackets',
  'outPackets',
  'inBytes',
  'outBytes',
] as const satisfies readonly (keyof Counters)[]

type Traffic = Record<(typeof counterKeys)[number] | 'active' | 'inactive', bigint>

const nothing: Traffic = {
  ...{ connections: 0n, inPackets: 0n, outPackets: 0n, inBytes: 0n, outBytes: 0n },
  ...{ active: 0n, inactive: 0n },
}

type Labels = Readonly<Record<'namespace' | 'service' | 'port' | 'node', string>>

/** Ports of Services by the identities of their virtual servers; in the order of names. */
function labelsByIdentity({ entries }: Ledger, node: string): ReadonlyMap<string, Labels> {
  const byPort = new Map<string, Labels>()
  const found = new Map<string, Labels>()
  const others = { namespace: '', service: '', port: '', node }
  const sorted = [...entries.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const { name, servers } of sorted) {
    for (const held of servers) {
      const { servicePort = String(held.port ?? held.fwmark ?? '') } = held
      const key = `${name} ${servicePort}`
      const [namespace = '', service = ''] = name.split('/')
      const own =
        byPort.get(key) ??
        (byPort.size < mostServicePorts ? { namespace, service, port: servicePort, node } : others)
      byPort.set(key, own)
      found.set(heldIdentity(held), own)
    }
  }
  return found
}

function byVerb(counts: ReadonlyMap<Verb, number>): readonly Sample[] {
  return verbs.map((verb) => ({ labels: { verb }, value: counts.get(verb) ?? 0 }))
}

function gauge(name: string, help: string, samples: readonly Sample[]): Family {
  return { name, type: 'gauge', help, samples }
}

function counter(name: string, help: string, samples: readonly Sample[]): Family {
  return { name, type: 'counter', help, samples }
}

function add<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
