import type { Ledger } from '../ledger/ledger.ts'
import { serversOf } from '../table/held.ts'
import { planFor, wishFor } from '../table/plan.ts'
import type { Table } from '../table/virtual-server.ts'
import { type Ailment, drift } from '../terrain/ailments.ts'
import { diagnose, examinationFor } from '../terrain/diagnose.ts'
import type { Examination } from '../terrain/examination.ts'
import type { Steps } from '../terrain/steps.ts'
import { ailmentFields, printAilments } from '../text/findings/ailments.ts'
import { printChange } from '../text/ipvsadm/change-rules.ts'
import { printJSON } from '../text/kubectl/json.ts'
import type { World } from '../world/world.ts'
import { type CompileFlags, compileInput } from './compile-input.ts'
import { ExitCode } from './exit-code.ts'
import { hostPartFor } from './host-part.ts'
import { openLedger } from './ledger.ts'
import type { LedgerFlag } from './options.ts'

export interface DoctorFlags extends CompileFlags, LedgerFlag {
  readonly interface: string | undefined
  readonly probe: boolean
  readonly behind: 'route' | 'tunnel' | undefined
  readonly output: 'words' | 'json'
}

/** Says what this machine lacks for its Services; it looks and changes nothing. */
export async function doctor(flags: DoctorFlags, world: World): Promise<ExitCode> {
  const { ledger, aim } = openLedger(flags, world)
  const table = await tableFor(flags, aim, world)
  if (table === undefined) return ExitCode.Usage
  const seen = await world.examine(examinationFor(table, flags))
  const held = ledger.terrain
  const found = diagnose(seen, {
    ...{ table, held, behind: flags.behind, now: world.now() },
    interface: flags.interface ?? held?.interface ?? 'nodeport0',
    dates: datesIn(ledger),
    steps: await stepsOf(ledger, seen, world),
    remedy: remedyFor(flags),
  })
  const all = [...(await driftFrom(aim, seen, world)), ...found]

  if (flags.output === 'json') world.print(printJSON(ailmentFields(all)))
  else world.print(printAilments(all, await world.paintFor('stdout', flags.color)))
  world.say(summaryOf(all, table))
  return all.length === 0 ? ExitCode.Done : ExitCode.No
}

/** What the manifests ask for; without any, what is ours already. */
async function tableFor(
  flags: DoctorFlags,
  ledger: Ledger,
  world: World,
): Promise<Table | undefined> {
  if (flags.filename.length === 0) return [...ledger.entries.values()].flatMap(serversOf)
  return (await compileInput(flags, ledger, world))?.table
}

/** What makes a machine fit: what was applied comes back, and what was not yet is applied. */
function remedyFor({ filename, recursive, node, nodeIp, role, ...flags }: DoctorFlags): string {
  const words = [
    ...filename.flatMap((name) => ['-f', name]),
    ...(recursive ? ['-R'] : []),
    ...(node === undefined ? [] : ['--node', node]),
    ...nodeIp.flatMap((ip) => ['--node-ip', ip]),
    ...(role === 'director' ? ['--role', role] : []),
    ...(flags.interface === undefined ? [] : ['--interface', flags.interface]),
  ]
  const verb = filename.length === 0 ? ['restore'] : ['apply', ...words]
  const ledger = flags.ledger === undefined ? [] : ['--ledger', flags.ledger]
  return ['nodeport', ...verb, ...ledger].map(shellWord).join(' ')
}

function shellWord(word: string): string {
  return /^[\w%+,./:=@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

/** All that the ledger says is past. */
function datesIn({ entries, drains }: Ledger): readonly string[] {
  const created = [...entries.values()].flatMap(({ service }) => {
    const metadata = service?.metadata as Readonly<Record<string, unknown>> | undefined
    return typeof metadata?.creationTimestamp === 'string' ? metadata.creationTimestamp : []
  })
  return [...created, ...[...drains.values()].map(({ since }) => since)]
}

async function stepsOf(
  ledger: Ledger,
  { rules }: Examination,
  world: World,
): Promise<Steps | undefined> {
  if (rules === undefined || ledger.terrain === undefined) return undefined
  const host = await hostPartFor('follow', ledger, ledger, world)
  host.close()
  return host.steps
}

/** The ledger against the kernel, as far as it may be seen. */
async function driftFrom(
  ledger: Ledger,
  { isPrivileged, hasIPVS }: Examination,
  world: World,
): Promise<readonly Ailment[]> {
  if (!isPrivileged || !hasIPVS || ledger.entries.size === 0) return []
  const kernel = await world.openKernel()
  const live = await kernel.readTable('whole').finally(kernel.close)
  const wishes = [...ledger.entries.values()].map(wishFor)
  const drain = { now: new Date(0), timeoutMs: Number.MAX_SAFE_INTEGER }
  const { changes } = planFor({ wishes, removed: [], ledger, live, drain, adopt: false })
  const [first] = changes
  return first === undefined ? [] : [drift(changes.length, printChange(first))]
}

function summaryOf({ length }: readonly Ailment[], table: Table): string {
  const servers = table.length === 1 ? '1 virtual server' : `${table.length} virtual servers`
  if (length === 0) return `nothing found that keeps packets from ${servers}\n`
  return `${length === 1 ? '1 finding' : `${length} findings`} for ${servers}\n`
}
