import { widthOf } from '../address/cidr.ts'
import { familyOf, ipIn } from '../address/ip.ts'
import { isRecord } from '../ledger/shape.ts'
import { nftEntries } from './nft-json.ts'
import { type ElementChanges, type Elements, emptySets, type Sets, setNames } from './sets.ts'

// The table of nftables that is ours, and nobody else's. Its rules are few and always the same; what
// differs stands in sets and maps. At the end of a packet's way, the destination that the client
// named is looked up once, in what connection tracking knows of it: no packet is ever marked.

export const tableName = 'nodeport'

const keyType = {
  4: 'ipv4_addr . inet_proto . inet_service',
  6: 'ipv6_addr . inet_proto . inet_service',
}

const declarations: Readonly<Record<(typeof setNames)[number], string>> = {
  servers4: `map servers4 { type ${keyType[4]} : verdict; }`,
  servers6: `map servers6 { type ${keyType[6]} : verdict; }`,
  pods4: 'set pods4 { type ipv4_addr; flags interval; }',
  pods6: 'set pods6 { type ipv6_addr; flags interval; }',
  segments: 'set segments { type ifname . ifname; }',
  guarded4: 'set guarded4 { type ipv4_addr; }',
  guarded6: 'set guarded6 { type ipv6_addr; }',
  open4: `set open4 { type ${keyType[4]}; }`,
  open6: `set open6 { type ${keyType[6]}; }`,
  fenced4: `set fenced4 { type ${keyType[4]}; }`,
  fenced6: `set fenced6 { type ${keyType[6]}; }`,
  allowed4: `set allowed4 { type ${keyType[4]} . ipv4_addr; flags interval; }`,
  allowed6: `set allowed6 { type ${keyType[6]} . ipv6_addr; flags interval; }`,
}

interface Chain {
  readonly name: string
  readonly hook?: string
  /** Each with the comment by which it is known again. */
  readonly rules: readonly (readonly [rule: string, comment: string])[]
}

const inSegment = 'iifname . oifname @segments masquerade'
const pastUs = 'would be answered past this machine'
const asked = {
  4: 'ip daddr . meta l4proto . th dport',
  6: 'ip6 daddr . meta l4proto . th dport',
}

/** nft 1.0 wants to know the protocol before it looks at a port: hence a rule for each. */
const protocols = ['tcp', 'udp', 'sctp']
const ports = `meta l4proto { ${protocols.join(', ')} }`

const chains: readonly Chain[] = [
  { name: 'cluster', rules: [['masquerade', 'every client is seen as this machine']] },
  { name: 'local', rules: [[inSegment, pastUs]] },
  {
    name: 'clusterip',
    rules: [
      ['meta nfproto ipv4 ip saddr != @pods4 masquerade', 'only pods keep their addresses'],
      ['meta nfproto ipv6 ip6 saddr != @pods6 masquerade', 'only pods keep their addresses'],
      [inSegment, pastUs],
    ],
  },
  {
    name: 'postrouting',
    hook: 'type nat hook postrouting priority srcnat; policy accept;',
    rules: [['ip', 'servers4'] as const, ['ip6', 'servers6'] as const].flatMap(([family, map]) =>
      protocols.map((protocol) => {
        const key = `ct original ${family} daddr . meta l4proto . ct original proto-dst`
        return [`meta l4proto ${protocol} ${key} vmap @${map}`, `${protocol}, ${family}`] as const
      }),
    ),
  },
  {
    name: 'input',
    hook: 'type filter hook input priority filter; policy accept;',
    rules: [
      [
        `ct state new ip daddr @guarded4 ${ports} ${asked[4]} != @open4 reject`,
        'no port of this machine on an address of a Service',
      ],
      [
        `ct state new ip6 daddr @guarded6 ${ports} ${asked[6]} != @open6 reject`,
        'no port of this machine on an address of a Service',
      ],
      [
        `ct state new ${ports} ${asked[4]} @fenced4 ${asked[4]} . ip saddr != @allowed4 drop`,
        'loadBalancerSourceRanges',
      ],
      [
        `ct state new ${ports} ${asked[6]} @fenced6 ${asked[6]} . ip6 saddr != @allowed6 drop`,
        'loadBalancerSourceRanges',
      ],
    ],
  },
]

/** The whole table, for `nft -f`: it takes the place of what is there in one step. */
export function printTableText(sets: Sets): string {
  const elements = setNames.flatMap((set) => {
    const all = [...sets[set]]
    return all.length === 0 ? [] : [elementLine('add', { set, elements: all })]
  })
  return [
    `table inet ${tableName}`,
    `delete table inet ${tableName}`,
    `table inet ${tableName} {`,
    ...setNames.map((name) => `  ${declarations[name]}`),
    ...chains.flatMap(printChain),
    '}',
    ...elements,
    '',
  ].join('\n')
}

/** The differences alone, for `nft -f`: what goes first, since an element may lead elsewhere. */
export function printElementChanges({ gone, come }: ElementChanges): string {
  const lines = [
    ...gone.map((elements) => elementLine('delete', elements)),
    ...come.map((elements) => elementLine('add', elements)),
  ]
  return lines.map((line) => `${line}\n`).join('')
}

export const deletion = `delete table inet ${tableName}\n`

function printChain({ name, hook, rules }: Chain): readonly string[] {
  return [
    `  chain ${name} {`,
    ...(hook === undefined ? [] : [`    ${hook}`]),
    ...rules.map(([rule, comment]) => `    ${rule} comment "${comment}"`),
    '  }',
  ]
}

function elementLine(verb: 'add' | 'delete', { set, elements }: Elements): string {
  const all = elements.map(([element, leadsTo]) =>
    leadsTo === '' || verb === 'delete' ? element : `${element} : ${leadsTo}`,
  )
  return `${verb} element inet ${tableName} ${set} { ${all.join(', ')} }`
}

/** What `nft -j list table` says of our table. */
export interface ReadTable {
  readonly sets: Sets
  /** Are its rules as we write them? */
  readonly isIntact: boolean
  /** Names of chains whose rules are others than we write. */
  readonly changed: ReadonlySet<string>
}

/** Reads the listing; nothing where it is none of ours. */
export function readTableText(json: string): ReadTable | undefined {
  const sets = emptySets()
  const found = new Set<string>()
  const rules = new Map<string, string[]>()
  for (const entry of nftEntries(json)) {
    const { set, map, rule } = entry
    const named = isRecord(set) ? set : isRecord(map) ? map : undefined
    if (named !== undefined) {
      const name = setNames.find((known) => known === named.name)
      if (name === undefined) continue
      found.add(name)
      for (const element of Array.isArray(named.elem) ? named.elem : []) {
        const [text, leadsTo] = readElement(element, name === 'pods4' || name === 'pods6')
        sets[name].set(text, leadsTo)
      }
    } else if (isRecord(rule)) {
      const chain = String(rule.chain)
      rules.set(chain, [...(rules.get(chain) ?? []), String(rule.comment)])
    }
  }
  const ours = new Map(
    chains.map(({ name, rules: all }) => [name, all.map(([, comment]) => comment)]),
  )
  const changed = new Set(
    [...ours.keys(), ...rules.keys()].filter(
      (name) => (ours.get(name) ?? []).join('\n') !== (rules.get(name) ?? []).join('\n'),
    ),
  )
  return { sets, changed, isIntact: found.size === setNames.length && changed.size === 0 }
}

/** An element as we write it, and what it leads to. */
function readElement(element: unknown, isBlock: boolean): readonly [text: string, leadsTo: string] {
  if (Array.isArray(element)) {
    const [key, verdict] = element
    const goto = isRecord(verdict) && isRecord(verdict.goto) ? verdict.goto.target : undefined
    return [readKey(key, isBlock), goto === undefined ? 'elsewhere' : `goto ${goto}`]
  }
  return [readKey(element, isBlock), '']
}

function readKey(key: unknown, isBlock: boolean): string {
  const wrapped = isRecord(key) && isRecord(key.elem) ? key.elem.val : key
  const parts = isRecord(wrapped) && Array.isArray(wrapped.concat) ? wrapped.concat : undefined
  if (parts === undefined) return readPart(wrapped, isBlock)
  // The interfaces of segments, or an address, a protocol, a port, and perhaps who may ask for it.
  if (parts.length === 2) return parts.map((part) => `"${part}"`).join(' . ')
  return parts
    .map(
      (part, index) =>
        (index === 1 ? protocolNames.get(part) : undefined) ?? readPart(part, index === 3),
    )
    .join(' . ')
}

const protocolNames: ReadonlyMap<unknown, string> = new Map([
  [6, 'tcp'],
  [17, 'udp'],
  [132, 'sctp'],
])

function readPart(part: unknown, isBlock: boolean): string {
  if (isRecord(part) && isRecord(part.prefix)) {
    const { addr, len } = part.prefix
    return `${canonical(String(addr))}/${len}`
  }
  const text = typeof part === 'string' ? canonical(part) : String(part)
  const ip = isBlock ? ipIn(text) : undefined
  return ip === undefined ? text : `${ip}/${widthOf(familyOf(ip))}`
}

function canonical(text: string): string {
  return ipIn(text) ?? text
}
