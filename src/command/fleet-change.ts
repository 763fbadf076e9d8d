import { understand } from '../compile.ts'
import { type Diagnostic, hasErrors, isError } from '../diagnostic/diagnostic.ts'
import type { Source } from '../diagnostic/source.ts'
import {
  type FleetRecord,
  type FleetState,
  keyFor,
  ledgerOfFleet,
  type Stored,
} from '../ledger/fleet.ts'
import { sameValue } from '../ledger/same-value.ts'
import type { Cluster } from '../object/cluster.ts'
import { type KindName, kinds } from '../object/kinds.ts'
import type { KubernetesObject } from '../object/metadata.ts'
import { type FleetChange, transactionsFor } from '../pool/fleet-grants.ts'
import type { Granted } from '../pool/grant.ts'
import { serviceSpecs } from '../pool/held.ts'
import { withoutIgnored } from '../survey/ignore.ts'
import { defaultSettings } from '../table/service-settings.ts'
import { printTime } from '../text/kubectl/age.ts'
import { fieldsAsWritten } from '../text/kubectl/written-fields.ts'
import { type World, WorldError } from '../world/world.ts'
import { poolsFrom, readInput } from './compile-input.ts'
import { complain } from './complain.ts'
import type { FleetStore } from './fleet-store.ts'
import type { ColourOption, InputOptions, PoolFlags } from './options.ts'
import { type SetFlags, serviceWish } from './wishes.ts'

export type FleetWishFlags = InputOptions & PoolFlags & SetFlags & ColourOption

/** What manifests make of a fleet's keys. */
export interface FleetWish extends FleetChange {
  /** Every key that is asked for, changed or not. */
  readonly wanted: ReadonlyMap<string, FleetRecord>
  readonly sources: readonly Source[]
  readonly granteds: readonly Granted[]
  readonly cluster: Cluster
}

/**
 * What the manifests of a command line ask of a fleet, as it is stored at a moment. Nothing where
 * they are in error, which is said.
 */
export async function fleetWish(
  flags: FleetWishFlags,
  state: FleetState,
  world: World,
  { sources = readInput(flags, world), isAgain = false } = {},
): Promise<FleetWish | undefined> {
  const ledger = ledgerOfFleet(state)
  const { cluster, granteds, diagnostics } = understand(sources, {
    namespace: flags.namespace,
    held: serviceSpecs(ledger),
    pools: poolsFrom(flags),
    settings: defaultSettings,
  })
  const { kept } = withoutIgnored(diagnostics, { sources, cluster })
  await sayAll(kept, sources, flags, isAgain, world)
  if (hasErrors(kept)) return undefined

  const { set, prune } = flags
  const context = { set, ledger, created: printTime(world.now()) }
  const wanted = new Map<string, FleetRecord>()
  for (const { key, file, object } of othersIn(cluster)) wanted.set(key, { set, file, object })
  for (const granted of granteds) {
    const { service = {}, file } = serviceWish(granted, [], context).entry
    const key = keyFor('Service', granted.namespace, granted.name)
    wanted.set(key, { set, file, object: service })
  }
  const put = new Map(
    [...wanted].filter(([key, record]) => isOther(state.records.get(key), record)),
  )
  const removed = [...state.records].flatMap(([key, record]) => {
    return prune && record.set === set && !wanted.has(key) ? [key] : []
  })
  return { wanted, put, removed, sources, granteds, cluster }
}

/** Who reads the same again, since somebody else was quicker, says only what is new. */
async function sayAll(
  kept: readonly Diagnostic[],
  sources: readonly Source[],
  { color }: ColourOption,
  isAgain: boolean,
  world: World,
): Promise<void> {
  const said = isAgain ? kept.filter(isError) : kept
  await complain(said, sources, color, world)
}

/** Where a manifest lies differs from one machine to the next, and is no difference. */
export function isOther(old: Stored | undefined, { set, object }: FleetRecord): boolean {
  return old === undefined || old.set !== set || !sameValue(old.object, object)
}

function othersIn(cluster: Cluster) {
  const all: readonly (readonly [KindName, readonly KubernetesObject[]])[] = [
    ['EndpointSlice', cluster.slices],
    ['Endpoints', cluster.endpoints],
    ['Pod', cluster.pods],
    ['Node', cluster.nodes],
    ...cluster.workloads.map((one) => [one.kind, [one]] as const),
  ]
  return all.flatMap(([kind, objects]) =>
    objects.map((object) => {
      const { namespaced } = kinds[kind]
      const namespace = namespaced ? object.namespace : ''
      return {
        key: keyFor(kind, namespace, object.name),
        file: object.origin?.document.source.name,
        object: fieldsAsWritten({ ...object, namespace }, kinds[kind]),
      }
    }),
  )
}

/** Keys that go with a Service: who answers for it, and for nobody else. */
export function keysAround({ records }: FleetState, service: string): readonly string[] {
  const [namespace = '', name = ''] = service.split('/')
  return [...records].flatMap(([key, { object }]) => {
    if (key === keyFor('Endpoints', namespace, name)) return [key]
    if (!key.startsWith(`objects/endpointslice/${namespace}/`)) return []
    const labels = Object(Object(object.metadata).labels)
    return labels['kubernetes.io/service-name'] === name ? [key] : []
  })
}

/** So often somebody else may be quicker. */
const mostAttempts = 100

/**
 * Makes a change, again and again from what is stored by then, until nobody else was quicker.
 * Answers what was stored before, or nothing where the change cannot be told any more.
 */
export async function commitToFleet<T extends FleetChange>(
  { etcd, prefix, read }: FleetStore,
  world: World,
  changeOf: (state: FleetState, isAgain: boolean) => Promise<T | undefined>,
): Promise<{ readonly before: FleetState; readonly change: T } | undefined> {
  const before = await read()
  let state = before
  for (let failures = 0; failures < mostAttempts; failures++) {
    if (failures > 0) {
      await etcd.pause(failures)
      state = await read()
    }
    const change = await changeOf(state, failures > 0)
    if (change === undefined) return undefined
    let isDone = true
    for (const transaction of transactionsFor(state, change, { prefix, by: world.host.name() })) {
      const { done } = await etcd.commit(transaction)
      isDone = done
      if (!isDone) break
    }
    if (isDone) return { before, change }
  }
  throw new WorldError(`others were quicker ${mostAttempts} times: not everything is written`, {
    help: 'try again; where two Services exchange numbers, take them from one first',
  })
}

/** For words such as `service/web created`: kubectl names other kinds with their groups. */
export function namedByKey(key: string): { readonly full: string; readonly name: string } {
  const [place = '', kind = '', ...rest] = key.split('/')
  if (place === 'services') return { full: 'service', name: rest.at(-1) ?? '' }
  const known = Object.values(kinds).find(({ name }) => name.toLowerCase() === kind)
  const group = known?.resource.split('.').slice(1).join('.') ?? ''
  return { full: group === '' ? kind : `${kind}.${group}`, name: rest.at(-1) ?? '' }
}
