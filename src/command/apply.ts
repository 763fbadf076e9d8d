import { withPort } from '../address/ip.ts'
import { printable } from '../diagnostic/printable.ts'
import { type Ledger, withEntries } from '../ledger/ledger.ts'
import type { NodePortGrant } from '../manifest/write-back.ts'
import { nameOf } from '../object/metadata.ts'
import type { Granted } from '../pool/grant.ts'
import { type Plan, planFor, type Wish } from '../table/plan.ts'
import { identityOf, type Table } from '../table/virtual-server.ts'
import { printBackendSetup } from '../terrain/backend-setup.ts'
import { printChanges } from '../text/ipvsadm/change-rules.ts'
import { type Outcome, printOutcome } from '../text/kubectl/apply.ts'
import { listOf } from '../text/kubectl/get.ts'
import { printJSON } from '../text/kubectl/json.ts'
import { fieldsOfService } from '../text/kubectl/service-fields.ts'
import { printYAML } from '../text/kubectl/yaml.ts'
import { type World, WorldError } from '../world/world.ts'
import type { CompiledInput } from './compile-input.ts'
import { beginTrial, endTrial } from './confirm.ts'
import { sayConflicts, sayOfOtherSets } from './conflicts.ts'
import { ExitCode } from './exit-code.ts'
import { printHostSetup } from './host-part.ts'
import { hostWish, toldOf } from './host-wish.ts'
import { type LedgerStore, readLedger } from './ledger.ts'
import { locked } from './locked.ts'
import {
  type DrainFlags,
  type DryRunFlag,
  drainRules,
  type EtcdFlags,
  type HostFlags,
  type LedgerFlag,
  type LockFlags,
} from './options.ts'
import { printTable } from './print-table.ts'
import { settle } from './settle.ts'
import { type Wanted, type WantedFlags, wantedTable } from './wanted.ts'
import { fileLengths, namedBy, removedBy, type SetFlags, wishesFor } from './wishes.ts'

export interface ApplyFlags
  extends WantedFlags,
    LedgerFlag,
    LockFlags,
    DrainFlags,
    SetFlags,
    HostFlags,
    EtcdFlags,
    DryRunFlag {
  readonly output: 'words' | 'ipvsadm' | 'wide' | 'rules' | 'json' | 'yaml' | 'name'
  readonly adopt: boolean
  readonly simulate: boolean
  readonly allowEmpty: boolean
  readonly write: boolean
  /** Milliseconds. */
  readonly confirmWithin: number | undefined
  readonly printHostSetup?: boolean
  readonly printBackendSetup?: boolean
}

/** Makes the kernel's table say what the manifests say. */
export async function apply(flags: ApplyFlags, world: World): Promise<ExitCode> {
  if (isPrintedOnly(flags)) return await dryRun(flags, world)
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

function isPrintedOnly({ dryRun, printHostSetup, printBackendSetup }: ApplyFlags): boolean {
  return dryRun !== 'none' || printHostSetup === true || printBackendSetup === true
}

function backendSetup({ table }: Wanted, link: string, { role }: ApplyFlags): string {
  if (role === 'director') return printBackendSetup(table, link)
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
    world.print(await printHostSetup(told, withEntries(ledger, plan.changed), world))
  } else if (flags.printBackendSetup) {
    world.print(backendSetup(prepared.wanted, told.interface, flags))
  } else await say(plan, prepared, ledger, flags, world)
  return ExitCode.Done
}

interface Prepared {
  readonly wanted: Wanted
  readonly wishes: readonly Wish[]
  /** Entries of this set that nobody asks for any more. */
  readonly removed: readonly string[]
}

async function prepare(
  flags: ApplyFlags,
  ledger: Ledger,
  world: World,
): Promise<Prepared | undefined> {
  const wanted = await wantedTable(flags, ledger, world)
  if (wanted === undefined) return undefined
  if (!flags.allowEmpty && isEmpty(wanted)) {
    throw new WorldError('no objects passed to apply', {
      kind: 'input',
      help: 'give a manifest with a Service in it, or say --allow-empty',
    })
  }
  const wishes = wishesFor(wanted, { set: flags.set, ledger, now: world.now() })
  return { wanted, wishes, removed: removedBy(flags, wishes, ledger) }
}

/** Whoever prunes a set means what was applied in it, so that a Service moves only if asked to. */
async function isOfOtherSets(
  { wanted, wishes }: Prepared,
  ledger: Ledger,
  flags: ApplyFlags,
  world: World,
): Promise<boolean> {
  if (flags.adopt) return false
  return (await sayOfOtherSets(wishes, ledger, wanted, flags, world)) > 0
}

function isEmpty({ table, compiled }: Wanted): boolean {
  return compiled === undefined ? table.length === 0 : compiled.cluster.services.length === 0
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

/** What became of each Service, or what `-o` asks for instead. */
async function say(
  plan: Plan,
  { wanted, wishes, removed }: Prepared,
  ledger: Ledger,
  flags: ApplyFlags,
  world: World,
): Promise<void> {
  const { output } = flags
  if (output === 'rules') world.print(printChanges(plan.changes))
  else if (output === 'ipvsadm' || output === 'wide') {
    world.print(await printTable(wanted.table, { output, color: flags.color }, world))
  } else if (output === 'json' || output === 'yaml') {
    world.print(printServices(wanted.compiled?.granteds ?? [], output))
  } else {
    // All at once, since each word to the world is a system call.
    const lines = outcomesOf(plan, wishes, removed, ledger).map(([entry, outcome]) => {
      const named = namedBy(entry)
      return output === 'name'
        ? `${named.kind}/${named.name}\n`
        : printOutcome(named, outcome, flags.dryRun)
    })
    world.print(lines.join(''))
  }
  if (flags.write && wanted.compiled !== undefined) await writeNumbers(wanted.compiled, world)
}

function outcomesOf(
  { changes, changed }: Plan,
  wishes: readonly Wish[],
  removed: readonly string[],
  ledger: Ledger,
): readonly (readonly [name: string, outcome: Outcome])[] {
  const touched = new Set(changed.entries.map(({ name }) => name))
  const servers = new Set(changes.map(({ server }) => identityOf(server)))
  const isTouched = ({ entry, servers: wished }: Wish): boolean =>
    touched.has(entry.name) || wished.some((server) => servers.has(identityOf(server)))
  return [
    ...wishes.map((wish): [string, Outcome] => {
      const { name } = wish.entry
      if (!ledger.entries.has(name)) return [name, 'created']
      return [name, isTouched(wish) ? 'configured' : 'unchanged']
    }),
    ...removed.map((name): [string, Outcome] => [name, 'pruned']),
  ]
}

export function printServices(granteds: readonly Granted[], output: 'json' | 'yaml'): string {
  const [first, ...others] = granteds.map(fieldsOfService)
  const value = others.length === 0 && first !== undefined ? first : listOf([first, ...others])
  return output === 'json' ? printJSON(value) : printYAML(value)
}

/** `--write`: the numbers that were granted, into the manifests that asked for them. */
export async function writeNumbers(
  { sources, granteds, cluster }: Pick<CompiledInput, 'sources' | 'granteds' | 'cluster'>,
  world: World,
): Promise<void> {
  const { writeBack } = await import('../manifest/write-back.ts')
  const written = new Map(cluster.services.map((service) => [nameOf(service), service.spec]))
  for (const source of sources) {
    const grants = granteds.flatMap((granted) => grantsIn(source.name, granted, written))
    if (grants.length === 0) continue
    if (source.name === '-') {
      throw new WorldError('--write cannot write to standard input', { kind: 'input' })
    }
    const { text, left } = writeBack(source, grants)
    if (text !== source.text) world.writeFile(source.name, text)
    for (const { grant, reason } of left) {
      world.say(
        `warning: nodePort ${grant.nodePort} is not written into ${source.name}: ${reason}\n`,
      )
    }
  }
}

function grantsIn(
  file: string,
  granted: Granted,
  written: ReadonlyMap<string, { readonly ports: readonly { readonly nodePort: number }[] }>,
): readonly NodePortGrant[] {
  const { origin, spec } = granted
  if (origin === undefined || origin.document.source.name !== file) return []
  const wishes = written.get(nameOf(granted))?.ports ?? []
  return spec.ports.flatMap(({ nodePort }, index) => {
    if (nodePort === 0 || wishes[index]?.nodePort === nodePort) return []
    return [{ document: origin.document, path: [...origin.path, 'spec', 'ports', index], nodePort }]
  })
}
