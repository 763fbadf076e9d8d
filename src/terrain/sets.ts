import { type CIDR, contains } from '../address/cidr.ts'
import { type Family, familyOf, type IP } from '../address/ip.ts'

/**
 * What the rules of the firewall look things up in: few rules that never change, and sets and maps
 * with thousands of elements. Elements are texts as nft reads them, with what they lead to.
 */
export type Sets = Readonly<Record<SetName, Map<string, string>>>

export type SetName = (typeof setNames)[number]

export const setNames = [
  /** Virtual servers by the destination that the client named, and how sources are treated. */
  'servers4',
  'servers6',
  /** Who keeps its own address when it calls a cluster IP. */
  'pods4',
  'pods6',
  /** Where packets come in and go out by, if whoever answers could answer past this machine. */
  'segments',
  /** Addresses that show nothing but the ports of their Services, and these ports. */
  'guarded4',
  'guarded6',
  'open4',
  'open6',
  /** Ports that only some may ask for, and who that is. */
  'fenced4',
  'fenced6',
  'allowed4',
  'allowed6',
] as const

/**
 * `cluster`: every client's address becomes this machine's. `clusterip`: that of a pod stays.
 * `local`: all stay. What would be answered past this machine never stays.
 */
export type Treatment = 'cluster' | 'clusterip' | 'local'

export interface ServerElements {
  /** `10.96.0.10 . tcp . 80` */
  readonly key: string
  readonly address: IP
  readonly treatment: Treatment | undefined
  readonly isGuarded: boolean
  /** The only blocks from which it may be asked; empty where all may. */
  readonly from: readonly CIDR[]
}

export function emptySets(): Sets {
  return Object.fromEntries(setNames.map((name) => [name, new Map()])) as unknown as Sets
}

/** Adds what one virtual server needs. */
export function withServer(
  sets: Sets,
  { key, address, treatment, isGuarded, from }: ServerElements,
): void {
  const { servers, guarded, open, fenced, allowed } = setsOf(sets, familyOf(address))
  if (treatment !== undefined) servers.set(key, `goto ${treatment}`)
  if (isGuarded) {
    guarded.set(address, '')
    open.set(key, '')
  }
  if (from.length === 0) return
  fenced.set(key, '')
  for (const { base, bits } of from) allowed.set(`${key} . ${base}/${bits}`, '')
}

function setsOf(sets: Sets, family: Family) {
  return family === 'IPv4'
    ? {
        servers: sets.servers4,
        guarded: sets.guarded4,
        open: sets.open4,
        fenced: sets.fenced4,
        allowed: sets.allowed4,
      }
    : {
        servers: sets.servers6,
        guarded: sets.guarded6,
        open: sets.open6,
        fenced: sets.fenced6,
        allowed: sets.allowed6,
      }
}

/** Without those that lie in others: an interval of a set must not be there twice. */
export function distinctBlocks(blocks: readonly CIDR[]): readonly CIDR[] {
  const wide = [...blocks].sort((a, b) => a.bits - b.bits)
  return wide.filter(({ base }, index) => !wide.slice(0, index).some((it) => contains(it, base)))
}

/** The elements that one has and the other has not, or leads elsewhere. */
export interface ElementChanges {
  readonly gone: readonly Elements[]
  readonly come: readonly Elements[]
}

export interface Elements {
  readonly set: SetName
  readonly elements: readonly (readonly [element: string, leadsTo: string])[]
}

export function elementChanges(from: Sets, to: Sets): ElementChanges {
  return { gone: missingIn(to, from), come: missingIn(from, to) }
}

/** What the second has and the first has not. */
function missingIn(sets: Sets, others: Sets): readonly Elements[] {
  return setNames.flatMap((set) => {
    const known = sets[set]
    const elements = [...others[set]].filter(([element, leadsTo]) => known.get(element) !== leadsTo)
    return elements.length === 0 ? [] : [{ set, elements }]
  })
}
