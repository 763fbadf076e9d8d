import type { Ledger } from '../ledger/ledger.ts'
import { nameOf } from '../object/metadata.ts'
import { readCluster } from '../object/read-cluster.ts'
import { printDeleted } from '../text/kubectl/apply.ts'
import { type World, WorldError } from '../world/world.ts'
import { ExitCode } from './exit-code.ts'
import { openLedger } from './ledger.ts'
import type { DryRunFlag, InputOptions, LedgerFlag, LockFlags } from './options.ts'
import { locked, settle } from './settle.ts'

export interface DeleteFlags extends InputOptions, LedgerFlag, LockFlags, DryRunFlag {
  readonly ignoreNotFound: boolean
  /** `service web`, `svc/web`: instead of manifests. */
  readonly names: readonly string[]
}

/** Takes Services out of the kernel and out of the ledger. */
export async function remove(flags: DeleteFlags, world: World): Promise<ExitCode> {
  const asked = namesAsked(flags, world)
  if (flags.dryRun !== 'none') return say(asked, openLedger(flags, world).ledger, flags, world)
  return await locked(flags, world, async (store) => {
    const { ledger } = store
    const removed = asked.filter((name) => ledger.entries.has(name))
    const drain = { now: world.now(), timeoutMs: 0 }
    const { code } = await settle({ wishes: [], removed, drain, adopt: false }, store, world)
    return code === ExitCode.Done ? say(asked, ledger, flags, world) : code
  })
}

/** The names of entries, as `default/web`. */
function namesAsked(
  { names, filename, recursive, namespace }: DeleteFlags,
  world: World,
): string[] {
  if (filename.length === 0) {
    return serviceNames(names).map((name) => `${namespace ?? 'default'}/${name}`)
  }
  if (names.length > 0) {
    throw new WorldError('-f and names cannot be given together', { kind: 'input' })
  }
  const sources = world.readSources(filename, recursive)
  return readCluster(sources, { namespace }, () => {}).services.map(nameOf)
}

const kinds = ['service', 'services', 'svc']

function serviceNames(words: readonly string[]): readonly string[] {
  const [kind = '', ...names] = words
  if (kinds.includes(kind) && names.length > 0) return names
  const pairs = words.map((word) => word.split('/'))
  if (words.length > 0 && pairs.every(([type = '', name]) => kinds.includes(type) && name)) {
    return pairs.map(([, name = '']) => name)
  }
  throw new WorldError('say what to delete: -f FILE, or service NAME', { kind: 'input' })
}

function say(
  asked: readonly string[],
  { entries }: Ledger,
  { dryRun, ignoreNotFound }: DeleteFlags,
  world: World,
): ExitCode {
  let code: ExitCode = ExitCode.Done
  for (const id of asked) {
    const [namespace = '', name = ''] = id.split('/')
    if (entries.has(id)) world.print(printDeleted({ namespace, name }, dryRun))
    else if (!ignoreNotFound) {
      world.say(`Error from server (NotFound): services "${name}" not found\n`)
      code = ExitCode.No
    }
  }
  return code
}
