import { withPort } from '../address/ip.ts'
import { printable } from '../diagnostic/printable.ts'
import type { Plan } from '../table/plan.ts'
import { identityOf, type Table } from '../table/virtual-server.ts'
import type { World } from '../world/world.ts'
import { beginTrial, endTrial } from './confirm.ts'
import { sayConflicts } from './conflicts.ts'
import { ExitCode } from './exit-code.ts'
import { hostWish } from './host-wish.ts'
import type { LedgerStore } from './ledger.ts'
import { locked } from './locked.ts'
import { drainRules } from './options.ts'
import { type ApplyFlags, isOfOtherSets, prepare, say } from './prepared.ts'
import { settle } from './settle.ts'
import { fileLengths } from './wishes.ts'

// Apart from apply.ts, since a dry run is to load nothing of it.

/** All of `apply`, the last step too. */
export async function applyForGood(flags: ApplyFlags, world: World): Promise<ExitCode> {
  return await locked(flags, world, (store) => applyLocked(flags, store, world))
}

async function applyLocked(flags: ApplyFlags, store: LedgerStore, world: World): Promise<ExitCode> {
  const { ledger } = store
  const prepared = await prepare(flags, ledger, world)
  if (prepared === undefined) return ExitCode.No
  const { wanted, wishes, removed } = prepared
  if (await isOfOtherSets(prepared, ledger, flags, world)) return ExitCode.Refused
  if (!flags.simulate && saySimulated(wanted.table, world)) return ExitCode.No

  const trial = trialFor(flags, store, world)
  const { plan, code } = await settle(
    {
      ...{ wishes, removed, adopt: flags.adopt, begin: trial?.begin },
      excluded: wanted.compiled?.excludeCIDRs ?? flags.ipvsExcludeCidrs ?? [],
      drain: drainRules(flags, world.now()),
      filesAfter: (next) => fileLengths(next, wanted),
      host: hostWish(flags, wanted, ledger),
    },
    store,
    world,
  )
  if (plan.conflicts.length > 0) await sayConflicts(plan.conflicts, wanted, flags, world)
  if (code === ExitCode.Done) {
    await say(plan, prepared, ledger, flags, world)
    sayStrangers(plan, world)
  }
  trial?.end(code)
  return code
}

/** `--confirm-within`: what is done before the first change, and after the last. */
function trialFor(
  { confirmWithin, drain, drainTimeout }: ApplyFlags,
  store: LedgerStore,
  world: World,
): { readonly begin: () => void; readonly end: (code: ExitCode) => void } | undefined {
  if (confirmWithin === undefined) return undefined
  const limits = { withinMs: confirmWithin, drainTimeout: drain ? drainTimeout : 0 }
  let begun = false
  return {
    begin: () => {
      beginTrial(limits, store, world)
      begun = true
    },
    end: (code) => {
      if (!begun) return
      if (code === ExitCode.Refused || code === ExitCode.Interrupted) endTrial(store, world)
      else world.say('taken back, unless `nodeport confirm` comes in time\n')
    },
  }
}

/** They get traffic that is meant for ours, and nobody may take them away but who put them there. */
function sayStrangers({ strangers: [first, ...others] }: Plan, world: World): void {
  if (first === undefined) return
  const { address, port } = first.realServer
  const place = `${withPort(address, port)} in ${identityOf(first.server)}`
  const and = others.length === 0 ? '' : `, and ${others.length} more like it`
  world.say(
    `warning: somebody else has put ${place}${and}: it stays, and \`nodeport diff\` shows it\n`,
  )
}

/** Answers whether there are real servers that nobody runs yet. */
function saySimulated(table: Table, world: World): boolean {
  const simulated = table.find(({ realServers }) => realServers.some((real) => real.simulated))
  if (simulated === undefined) return false
  const service = printable(simulated.cause?.service ?? 'a Service')
  world.say(`error: the real servers of ${service} are simulated: nobody runs them yet\n`)
  world.say(
    'help: add EndpointSlices, or Pods with addresses; or say --simulate to put them in all the same\n',
  )
  return true
}
