import { withEntries } from '../ledger/ledger.ts'
import { planFor } from '../table/plan.ts'
import { type World, WorldError } from '../world/world.ts'
import { sayConflicts } from './conflicts.ts'
import { ExitCode } from './exit-code.ts'
import { toldOf } from './host-wish.ts'
import { readLedger } from './ledger.ts'
import { type ApplyFlags, isOfOtherSets, prepare, say } from './prepared.ts'
import type { Wanted } from './wanted.ts'

/** Makes the kernel's table say what the manifests say. */
export async function apply(flags: ApplyFlags, world: World): Promise<ExitCode> {
  if (isPrintedOnly(flags)) return await dryRun(flags, world)
  const { applyForGood } = await import('./apply-for-good.ts')
  return await applyForGood(flags, world)
}

function isPrintedOnly({ dryRun, printHostSetup, printBackendSetup }: ApplyFlags): boolean {
  return dryRun !== 'none' || printHostSetup === true || printBackendSetup === true
}

async function backendSetup(
  { table }: Wanted,
  link: string,
  { role }: ApplyFlags,
): Promise<string> {
  if (role === 'director') {
    const { printBackendSetup } = await import('../terrain/backend-setup.ts')
    return printBackendSetup(table, link)
  }
  throw new WorldError('--print-backend-setup is about the nodes behind a director', {
    kind: 'input',
    help: 'say --role director',
  })
}

/** The same computation, the last step left out: no lock, no kernel, no root. */
async function dryRun(flags: ApplyFlags, world: World): Promise<ExitCode> {
  const ledger = readLedger(flags, world)
  const prepared = await prepare(flags, ledger, world)
  if (prepared === undefined) return ExitCode.No
  const { wishes, removed } = prepared
  if (await isOfOtherSets(prepared, ledger, flags, world)) return ExitCode.Refused
  const drain = { now: world.now(), timeoutMs: 0 }
  const plan = planFor({ wishes, removed, ledger, live: [], drain, adopt: true })
  if (plan.conflicts.length > 0) {
    await sayConflicts(plan.conflicts, prepared.wanted, flags, world)
    return ExitCode.Refused
  }
  const told = toldOf(flags, prepared.wanted.compiled?.podCIDRs ?? [], ledger)
  if (flags.printHostSetup) {
    const { printHostSetup } = await import('./host-part.ts')
    world.print(await printHostSetup(told, withEntries(ledger, plan.changed), world))
  } else if (flags.printBackendSetup) {
    world.print(await backendSetup(prepared.wanted, told.interface, flags))
  } else await say(plan, prepared, ledger, flags, world)
  return ExitCode.Done
}
