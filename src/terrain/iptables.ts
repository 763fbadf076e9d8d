import { hashOf } from '../pool/hash.ts'
import type { Sets } from './sets.ts'
import type { Segment } from './terrain.ts'

// The same rules for a kernel that has no nftables: one for each virtual server, in chains that are
// ours. They are written anew as a whole, and a comment tells which ones they are.

export type OldFirewall = 'iptables' | 'ip6tables'

/** What of ours the firewall of one family has. */
export interface LiveChains {
  /** Tells one set of rules from another; nothing where there are none of ours. */
  readonly digest: string | undefined
  /** The tables whose own chains lead to ours. */
  readonly hooks: readonly Hooked[]
}

type Hooked = 'nat' | 'filter'

const hookChains = { nat: 'POSTROUTING', filter: 'INPUT' } as const
const ourChains = {
  nat: ['NODEPORT', 'NODEPORT-CLUSTER', 'NODEPORT-CLUSTERIP', 'NODEPORT-LOCAL'],
  filter: ['NODEPORT-GUARD', 'NODEPORT-FENCE'],
} as const

export interface Chains {
  readonly digest: string
  readonly nat: readonly string[]
  readonly filter: readonly string[]
}

/** The rules of one family, as `iptables-save` would say them. */
export function chainsFor(by: OldFirewall, sets: Sets, segments: readonly Segment[]): Chains {
  const isOld = by === 'iptables'
  const [servers, pods, guarded, open, fenced, allowed] = isOld
    ? [sets.servers4, sets.pods4, sets.guarded4, sets.open4, sets.fenced4, sets.allowed4]
    : [sets.servers6, sets.pods6, sets.guarded6, sets.open6, sets.fenced6, sets.allowed6]
  // Here the interface by which a packet came in is not known any more, but its source is.
  const pastUs = (chain: string) =>
    segments.flatMap(({ interface: name, blocks }) =>
      blocks
        .filter((block) => block.includes(':') !== isOld)
        .map((block) => `-A ${chain} -s ${block} -o ${name} -j MASQUERADE`),
    )
  const nat = [
    ...[...servers].sort(byKey).map(([key, leadsTo]) => {
      const [address, protocol, port] = key.split(' . ')
      const original = `--ctorigdst ${address} --ctorigdstport ${port}`
      const chain = `NODEPORT-${leadsTo.replace('goto ', '').toUpperCase()}`
      return `-A NODEPORT -p ${protocol} -m conntrack ${original} -g ${chain}`
    }),
    '-A NODEPORT-CLUSTER -j MASQUERADE',
    ...pastUs('NODEPORT-CLUSTERIP'),
    ...[...pods.keys()].sort().map((block) => `-A NODEPORT-CLUSTERIP -s ${block} -j RETURN`),
    '-A NODEPORT-CLUSTERIP -j MASQUERADE',
    ...pastUs('NODEPORT-LOCAL'),
  ]
  const filter = [
    ...[...fenced.keys()]
      .sort()
      .flatMap((key) => {
        const ranges = [...allowed.keys()].sort().filter((range) => range.startsWith(`${key} . `))
        return [
          ...ranges.map((range) => `${asked(key)} -s ${range.slice(key.length + 3)} -j RETURN`),
          `${asked(key)} -j DROP`,
        ]
      })
      .map((rule) => `-A NODEPORT-FENCE ${rule}`),
    '-A NODEPORT-GUARD -m conntrack ! --ctstate NEW -j RETURN',
    '-A NODEPORT-GUARD -j NODEPORT-FENCE',
    ...[...open.keys()].sort().map((key) => `-A NODEPORT-GUARD ${asked(key)} -j RETURN`),
    ...[...guarded.keys()]
      .sort()
      .flatMap((address) =>
        ['tcp', 'udp', 'sctp'].map(
          (protocol) => `-A NODEPORT-GUARD -d ${address} -p ${protocol} -j REJECT`,
        ),
      ),
  ]
  return { nat, filter, digest: digestOf([...nat, ...filter]) }
}

/** What `iptables-restore --noflush` reads to bring them about, whatever of ours was there. */
export function printChains({ digest, nat, filter }: Chains, { hooks }: LiveChains): string {
  const section = (table: Hooked, rules: readonly string[]) => [
    `*${table}`,
    ...ourChains[table].map((chain) => `:${chain} - [0:0]`),
    ...(table === 'nat' ? [`-A NODEPORT -m comment --comment "${digest}"`] : []),
    ...rules,
    ...(hooks.includes(table) ? [] : [`-A ${hookChains[table]} -j ${ourChains[table][0]}`]),
    'COMMIT',
  ]
  return [...section('nat', nat), ...section('filter', filter), ''].join('\n')
}

/** What it reads to take them away. */
export function printChainsAway({ hooks }: LiveChains): string {
  const section = (table: Hooked) => [
    `*${table}`,
    ...ourChains[table].map((chain) => `:${chain} - [0:0]`),
    ...(hooks.includes(table) ? [`-D ${hookChains[table]} -j ${ourChains[table][0]}`] : []),
    ...ourChains[table].map((chain) => `-X ${chain}`),
    'COMMIT',
  ]
  return [...section('nat'), ...section('filter'), ''].join('\n')
}

/** Reads what `iptables-save` says. */
export function readChains(saved: string): LiveChains {
  const digest = /^-A NODEPORT -m comment --comment "?(nodeport [0-9a-f]+)"?$/m.exec(saved)?.[1]
  const tables = saved.split(/^\*/m)
  const hooks = (['nat', 'filter'] as const).filter((table) =>
    tables.some(
      (text) =>
        text.startsWith(`${table}\n`) &&
        text.includes(`\n-A ${hookChains[table]} -j ${ourChains[table][0]}\n`),
    ),
  )
  return { digest, hooks }
}

/** The order in which Services come must not tell two sets of rules apart. */
function byKey([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function asked(key: string): string {
  const [address, protocol, port] = key.split(' . ')
  return `-d ${address} -p ${protocol} -m ${protocol} --dport ${port}`
}

function digestOf(rules: readonly string[]): string {
  const text = rules.join('\n')
  return `nodeport ${hashOf(text).toString(16)}${hashOf(`${text}.`).toString(16)}`
}
