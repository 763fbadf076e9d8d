import type { FleetState } from '../ledger/fleet.ts'
import { sameValue } from '../ledger/same-value.ts'
import { printJSON } from '../text/kubectl/json.ts'
import type { World } from '../world/world.ts'
import type { DiffFlags } from './diff.ts'
import { ExitCode } from './exit-code.ts'
import { type FleetWish, fleetWish, namedByKey } from './fleet-change.ts'
import { withFleet } from './fleet-store.ts'

/** Shows what apply would change in a fleet's store, field by field. */
export async function diffOfFleet(
  address: string,
  flags: DiffFlags,
  world: World,
): Promise<ExitCode> {
  return await withFleet(address, flags, world, async (store) => {
    const state = await store.read()
    const wish = await fleetWish(flags, state, world)
    if (wish === undefined) return ExitCode.Usage
    const differences = differencesIn(wish, state)
    if (flags.output === 'json') world.print(printJSON(differences))
    else world.print(differences.map(printDifference).join(''))
    return differences.length === 0 ? ExitCode.Done : ExitCode.No
  })
}

interface Difference {
  readonly verb: '+' | '-' | '~'
  /** `service/web` */
  readonly object: string
  readonly namespace: string
  readonly fields: readonly FieldChange[]
}

interface FieldChange {
  /** `spec.ports[0].port` */
  readonly path: string
  readonly before?: unknown
  readonly after?: unknown
}

function differencesIn(
  { put, removed }: FleetWish,
  { records }: FleetState,
): readonly Difference[] {
  const named = (key: string) => {
    const { full, name } = namedByKey(key)
    const namespace = key.split('/').at(-2) ?? ''
    return {
      object: `${full}/${name}`,
      namespace: key.startsWith('objects/node/') ? '' : namespace,
    }
  }
  return [
    ...removed.map((key) => ({ verb: '-' as const, ...named(key), fields: [] })),
    ...[...put].map(([key, { object, set }]): Difference => {
      const old = records.get(key)
      if (old === undefined) return { verb: '+', ...named(key), fields: [] }
      const sets = old.set === set ? [] : [{ path: 'set', before: old.set, after: set }]
      return { verb: '~', ...named(key), fields: [...sets, ...changesIn('', old.object, object)] }
    }),
  ]
}

function changesIn(path: string, before: unknown, after: unknown): readonly FieldChange[] {
  if (sameValue(before, after)) return []
  if (!isBranch(before) || !isBranch(after) || Array.isArray(before) !== Array.isArray(after)) {
    return [{ path, before, after }]
  }
  const step = (name: string) =>
    Array.isArray(before) ? `${path}[${name}]` : path === '' ? name : `${path}.${name}`
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...names].flatMap((name) => changesIn(step(name), before[name], after[name]))
}

function isBranch(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function printDifference({ verb, object, namespace, fields }: Difference): string {
  const where = namespace === '' || namespace === 'default' ? '' : ` in ${namespace}`
  const lines = fields.map(({ path, before, after }) => {
    const shown = (value: unknown) => (value === undefined ? 'nothing' : JSON.stringify(value))
    return `    ${path}: ${shown(before)} -> ${shown(after)}\n`
  })
  return `${verb} ${object}${where}\n${lines.join('')}`
}
