import type { IP } from '../address/ip.ts'
import type { HeldTerrain } from '../ledger/ledger.ts'
import {
  chainsFor,
  type LiveChains,
  type OldFirewall,
  printChains,
  printChainsAway,
} from './iptables.ts'
import { deletion, printElementChanges, printTableText } from './nftables.ts'
import { elementChanges, type SetName, type Sets } from './sets.ts'
import type { Segment, Terrain } from './terrain.ts'

/** The host's part as it is. */
export interface LiveTerrain {
  readonly hasInterface: boolean
  /** It is a dummy, as those that we make. */
  readonly leadsNowhere: boolean
  /** Those on our interface. */
  readonly addresses: ReadonlySet<IP>
  /** The values that we may have to do with; absent what the kernel does not have. */
  readonly sysctls: ReadonlyMap<string, string>
  readonly rules: LiveRules
}

/** What does the masquerading, and what it holds of ours. */
export type LiveRules =
  | {
      readonly by: 'nftables'
      readonly sets: Sets | undefined
      readonly isIntact: boolean
      /** Names of chains whose rules are others than we write. */
      readonly changed?: ReadonlySet<string> | undefined
    }
  /** An older firewall, which is told all of it again when anything changes. */
  | { readonly by: 'iptables'; readonly chains: Readonly<Record<OldFirewall, LiveChains>> }

/** One step between the host's part as it is and as it should be. */
export type Step =
  | { readonly kind: 'sysctl'; readonly name: string; readonly value: string; readonly was: string }
  | { readonly kind: 'interface'; readonly verb: 'add' | 'delete'; readonly name: string }
  | {
      readonly kind: 'addresses'
      readonly verb: 'add' | 'delete'
      readonly interface: string
      readonly addresses: readonly IP[]
    }
  | RulesStep

/** `text` is what the program gets to read. */
export interface RulesStep {
  readonly kind: 'rules'
  readonly verb: 'load' | 'change' | 'delete'
  readonly by: 'nftables' | OldFirewall
  readonly text: string
}

/** What is done before the table of virtual servers is changed, and what after: make before break. */
export interface Steps {
  readonly first: readonly Step[]
  readonly last: readonly Step[]
}

export interface StepsInput {
  readonly wanted: Terrain | undefined
  readonly live: LiveTerrain
  readonly held: HeldTerrain
  readonly segments: readonly Segment[]
  /** Addresses that we put there, as far as the ledger knows. */
  readonly ours: ReadonlySet<IP>
  /** An interface that was ours under another name. */
  readonly left: LeftInterface | undefined
}

export interface LeftInterface {
  readonly name: string
  /** Those that go; nothing where the interface itself does. */
  readonly addresses: readonly IP[] | undefined
}

/** Which addresses of an interface are ours to take away: all of one that we made. */
export function addressesToTake(
  live: Iterable<IP>,
  ours: ReadonlySet<IP>,
  { found }: Pick<HeldTerrain, 'found'>,
): readonly IP[] {
  return [...live].filter((ip) => found === undefined || (ours.has(ip) && !found.includes(ip)))
}

/** The steps from the host's part as it is to what is wanted. */
export function stepsFor({ wanted, live, held, segments, ours, left }: StepsInput): Steps {
  const renamed = left === undefined ? [] : leave(left.name, left.addresses)
  const takeable = addressesToTake(live.addresses, ours, held)
  if (wanted === undefined) {
    return { first: [], last: [...stepsAway(live, held, takeable), ...renamed] }
  }
  const name = wanted.interface
  const come = [...wanted.addresses].filter((ip) => !live.addresses.has(ip))
  const gone = takeable.filter((ip) => !wanted.addresses.has(ip))
  const rules = rulesSteps(wanted, live.rules, segments)
  return {
    first: [
      ...sysctlsTo(wanted.sysctls, live),
      ...rules.first,
      ...(live.hasInterface ? [] : [{ kind: 'interface', verb: 'add', name } as const]),
      ...addressSteps('add', name, come),
    ],
    last: [
      ...rules.last,
      ...addressSteps('delete', name, gone),
      ...renamed,
      ...sysctlsBack(live, held, wanted.sysctls),
    ],
  }
}

/** What the ledger holds of the host after these steps: how everything was before us. */
export function heldAfter(held: HeldTerrain, { first, last }: Steps): HeldTerrain {
  const sysctls = { ...held.sysctls }
  for (const step of first) {
    if (step.kind !== 'sysctl') continue
    sysctls[step.name] = { was: sysctls[step.name]?.was ?? step.was, now: step.value }
  }
  for (const step of last) if (step.kind === 'sysctl') delete sysctls[step.name]
  return { ...held, sysctls }
}

function stepsAway(live: LiveTerrain, held: HeldTerrain, takeable: readonly IP[]): readonly Step[] {
  const addresses = held.found === undefined ? undefined : takeable
  return [
    ...rulesAway(live.rules),
    ...(live.hasInterface ? leave(held.interface, addresses) : []),
    ...sysctlsBack(live, held, new Map()),
  ]
}

/** An interface goes, or those of its addresses that are ours. */
function leave(name: string, addresses: readonly IP[] | undefined): readonly Step[] {
  if (addresses === undefined) return [{ kind: 'interface', verb: 'delete', name }]
  return addressSteps('delete', name, addresses)
}

function sysctlsTo(wanted: Terrain['sysctls'], { sysctls }: LiveTerrain): readonly Step[] {
  return [...wanted].flatMap(([name, value]): Step[] => {
    const was = sysctls.get(name)
    return was === undefined || was === value ? [] : [{ kind: 'sysctl', name, value, was }]
  })
}

/** As they were before us, unless somebody else has set them since. */
function sysctlsBack(
  { sysctls }: LiveTerrain,
  held: HeldTerrain,
  wanted: Terrain['sysctls'],
): readonly Step[] {
  return Object.entries(held.sysctls).flatMap(([name, { was, now }]): Step[] => {
    if (wanted.has(name) || sysctls.get(name) !== now || was === now) return []
    return [{ kind: 'sysctl', name, value: was, was: now }]
  })
}

function addressSteps(
  verb: 'add' | 'delete',
  name: string,
  addresses: readonly IP[],
): readonly Step[] {
  return addresses.length === 0 ? [] : [{ kind: 'addresses', verb, interface: name, addresses }]
}

function rulesAway(rules: LiveRules): readonly Step[] {
  if (rules.by === 'nftables') {
    const step = { kind: 'rules', verb: 'delete', by: 'nftables', text: deletion } as const
    return rules.sets === undefined ? [] : [step]
  }
  return oldFirewalls.flatMap((by): Step[] => {
    const live = rules.chains[by]
    if (live.digest === undefined && live.hooks.length === 0) return []
    return [{ kind: 'rules', verb: 'delete', by, text: printChainsAway(live) }]
  })
}

const oldFirewalls: readonly OldFirewall[] = ['iptables', 'ip6tables']

function rulesSteps(
  { sets }: Terrain,
  live: LiveRules,
  segments: readonly Segment[],
): { readonly first: readonly RulesStep[]; readonly last: readonly RulesStep[] } {
  if (live.by === 'iptables') {
    const first = oldFirewalls.flatMap((by): RulesStep[] => {
      const chains = chainsFor(by, sets, segments)
      const { digest, hooks } = live.chains[by]
      if (digest === chains.digest && hooks.length === 2) return []
      return [{ kind: 'rules', verb: 'load', by, text: printChains(chains, live.chains[by]) }]
    })
    return { first, last: [] }
  }
  if (live.sets === undefined || !live.isIntact) {
    const load = {
      kind: 'rules',
      verb: 'load',
      by: 'nftables',
      text: printTableText(sets),
    } as const
    return { first: [load], last: [] }
  }
  const { gone, come } = elementChanges(live.sets, sets)
  const changes = { kind: 'rules', verb: 'change', by: 'nftables' } as const
  // What leads elsewhere now goes and comes in one step.
  const moved = gone.flatMap(({ set, elements }) => {
    const both = elements.filter(([element]) => moves(set, element, sets))
    return both.length === 0 ? [] : [{ set, elements: both }]
  })
  const left = gone.flatMap(({ set, elements }) => {
    const only = elements.filter(([element]) => !moves(set, element, sets))
    return only.length === 0 ? [] : [{ set, elements: only }]
  })
  const step = (text: string): readonly RulesStep[] => (text === '' ? [] : [{ ...changes, text }])
  return {
    first: step(printElementChanges({ gone: moved, come })),
    last: step(printElementChanges({ gone: left, come: [] })),
  }
}

/** Blocks that come may overlap with those that go. */
function moves(set: SetName, element: string, sets: Sets): boolean {
  return sets[set].has(element) || intervals.includes(set)
}

const intervals: readonly SetName[] = ['pods4', 'pods6', 'allowed4', 'allowed6']
