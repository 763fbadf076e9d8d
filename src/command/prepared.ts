import type { Ledger } from '../ledger/ledger.ts'
import type { NodePortGrant } from '../manifest/write-back.ts'
import { nameOf } from '../object/metadata.ts'
import type { Granted } from '../pool/grant.ts'
import type { Plan, Wish } from '../table/plan.ts'
import { identityOf } from '../table/virtual-server.ts'
import { printChanges } from '../text/ipvsadm/change-rules.ts'
import { printTime } from '../text/kubectl/age.ts'
import { type Outcome, printOutcome } from '../text/kubectl/apply.ts'
import { type World, WorldError } from '../world/world.ts'
import type { CompiledInput } from './compile-input.ts'
import { sayOfOtherSets } from './conflicts.ts'
import type {
  DrainFlags,
  DryRunFlag,
  EtcdFlags,
  HostFlags,
  LedgerFlag,
  LockFlags,
} from './options.ts'
import { type Wanted, type WantedFlags, wantedTable } from './wanted.ts'
import { namedBy, removedBy, type SetFlags, wishesFor } from './wishes.ts'

// What `apply` does before anything is changed, and what it says in the end, whether for good or not.

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

export interface Prepared {
  readonly wanted: Wanted
  readonly wishes: readonly Wish[]
  /** Entries of this set that nobody asks for any more. */
  readonly removed: readonly string[]
}

export async function prepare(
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
  const wishes = wishesFor(wanted, { set: flags.set, ledger, created: printTime(world.now()) })
  return { wanted, wishes, removed: removedBy(flags, wishes, ledger) }
}

/** Whoever prunes a set means what was applied in it, so that a Service moves only if asked to. */
export async function isOfOtherSets(
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

/** What became of each Service, or what `-o` asks for instead. */
export async function say(
  plan: Plan,
  { wanted, wishes, removed }: Prepared,
  ledger: Ledger,
  flags: ApplyFlags,
  world: World,
): Promise<void> {
  const { output } = flags
  if (output === 'rules') world.print(printChanges(plan.changes))
  else if (output === 'ipvsadm' || output === 'wide') {
    const { printTable } = await import('./print-table.ts')
    world.print(await printTable(wanted.table, { output, color: flags.color }, world))
  } else if (output === 'json' || output === 'yaml') {
    const { printServices } = await import('../text/kubectl/print-services.ts')
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
  let servers: ReadonlySet<string> | undefined
  const isTouched = ({ entry, servers: wished }: Wish): boolean => {
    if (touched.has(entry.name)) return true
    // Most changes follow others of the same virtual server, and identities take long to print.
    servers ??= new Set(Array.from(new Set(changes.map(({ server }) => server)), identityOf))
    return wished.some((server) => servers?.has(identityOf(server)))
  }
  return [
    ...wishes.map((wish): [string, Outcome] => {
      const { name } = wish.entry
      if (!ledger.entries.has(name)) return [name, 'created']
      return [name, isTouched(wish) ? 'configured' : 'unchanged']
    }),
    ...removed.map((name): [string, Outcome] => [name, 'pruned']),
  ]
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
