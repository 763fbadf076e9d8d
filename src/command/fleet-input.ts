import { understand } from '../compile.ts'
import { hasErrors, isError } from '../diagnostic/diagnostic.ts'
import { ledgerOfFleet } from '../ledger/fleet.ts'
import { serviceSpecs } from '../pool/held.ts'
import { rosterOf } from '../roster/roster.ts'
import { defaultSettings } from '../table/service-settings.ts'
import type { World } from '../world/world.ts'
import { compileInput, poolsFrom, understandInput } from './compile-input.ts'
import { complain } from './complain.ts'
import { sourcesOf, withFleet } from './fleet-store.ts'
import type { KnownFlags, KnownObjects } from './known.ts'
import type { ListFlags } from './list-flags.ts'
import type { EtcdFlags } from './options.ts'
import { type Wanted, wantedTable } from './wanted.ts'

/** What a fleet's store stands for or, where manifests are named, what they do beside it. */
export async function knownToFleet(
  address: string,
  flags: KnownFlags,
  world: World,
): Promise<KnownObjects | undefined> {
  const state = await withFleet(address, flags, world, ({ read }) => read())
  const held = serviceSpecs(ledgerOfFleet(state))
  const complainLate = async () => {}
  if (flags.filename.length > 0) {
    const understood = await understandInput(flags, held, world)
    if (understood === undefined) return undefined
    const { granteds: services, cluster } = understood
    return { services, roster: rosterOf(cluster, () => {}), cluster, complainLate }
  }
  const sources = sourcesOf(state)
  const options = { held, pools: poolsFrom(flags), settings: defaultSettings }
  const { cluster, granteds: services, diagnostics } = understand(sources, options)
  // Whoever wrote it was told what may come of it; here it matters whether it can be read.
  const errors = diagnostics.filter(isError)
  await complain(errors, sources, flags.color, world)
  if (hasErrors(errors)) return undefined
  return { services, roster: rosterOf(cluster, () => {}), cluster, complainLate }
}

/** The table that a node gets for what a fleet's store says. */
export async function tableOfFleet(
  address: string,
  flags: ListFlags & EtcdFlags,
  world: World,
): Promise<Wanted | undefined> {
  const state = await withFleet(address, flags, world, ({ read }) => read())
  const ledger = ledgerOfFleet(state)
  if (flags.filename.length > 0 || flags.rules !== undefined) {
    return await wantedTable(flags, ledger, world)
  }
  const everywhere = { ...flags, namespace: undefined }
  const compiled = await compileInput(everywhere, ledger, world, sourcesOf(state))
  return compiled && { table: compiled.table, compiled }
}
