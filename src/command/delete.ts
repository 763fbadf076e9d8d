import { type Diagnostic, hasErrors } from '../diagnostic/diagnostic.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { nameOf } from '../object/metadata.ts'
import { readCluster } from '../object/read-cluster.ts'
import { printDeleted, printNotFound } from '../text/kubectl/apply.ts'
import { type World, WorldError } from '../world/world.ts'
import { complain } from './complain.ts'
import { ExitCode } from './exit-code.ts'
import { readLedger } from './ledger.ts'
import { locked } from './locked.ts'
import type {
  ColourOption,
  DryRunFlag,
  EtcdFlags,
  InputOptions,
  LedgerFlag,
  LockFlags,
} from './options.ts'
import { settle } from './settle.ts'
import { entryOfRules, namedBy } from './wishes.ts'

export interface DeleteFlags
  extends InputOptions,
    LedgerFlag,
    LockFlags,
    DryRunFlag,
    ColourOption,
    EtcdFlags {
  readonly ignoreNotFound: boolean
  /** `service web`, `svc/web`, `rules/default`: instead of manifests. */
  readonly names: readonly string[]
}

/** Takes Services out of the kernel and out of the ledger. */
export async function remove(flags: DeleteFlags, world: World): Promise<ExitCode> {
  const asked = await entriesAsked(flags, world)
  if (asked === undefined) return ExitCode.No
  if (flags.dryRun !== 'none') return sayDeleted(asked, readLedger(flags, world), flags, world)

  return await locked(flags, world, async (store) => {
    const { ledger } = store
    const removed = asked.filter((name) => ledger.entries.has(name))
    const drain = { now: world.now(), timeoutMs: 0 }
    const { code } = await settle({ wishes: [], removed, drain, adopt: false }, store, world)
    return code === ExitCode.Done ? sayDeleted(asked, ledger, flags, world) : code
  })
}

/** The names of entries, as `default/web`; nothing where manifests are in error, which is said. */
export async function entriesAsked(
  flags: DeleteFlags,
  world: World,
): Promise<readonly string[] | undefined> {
  const { names, filename, recursive, namespace } = flags
  if (filename.length === 0) return entriesNamed(names, namespace ?? 'default')
  if (names.length > 0) {
    throw new WorldError('-f and names cannot be given together', { kind: 'input' })
  }
  const sources = world.readSources(filename, recursive)
  const diagnostics: Diagnostic[] = []
  const { services } = readCluster(sources, { namespace }, (it) => void diagnostics.push(it))
  await complain(diagnostics, sources, flags.color, world)
  return hasErrors(diagnostics) ? undefined : services.map(nameOf)
}

const kinds = ['service', 'services', 'svc']

/** As kubectl takes them: one kind and names, or names with their kinds. */
function entriesNamed(words: readonly string[], namespace: string): readonly string[] {
  const [kind = '', ...names] = words
  const pairs = kind.includes('/')
    ? words.map((word) => word.split('/'))
    : names.map((name) => [kind, name])
  const entries = pairs.map(([type = '', name = '', ...more]) => {
    if (name === '' || more.length > 0) return undefined
    return type === 'rules' ? entryOfRules(name) : kinds.includes(type) && `${namespace}/${name}`
  })
  const found = entries.filter((entry) => typeof entry === 'string')
  if (found.length > 0 && found.length === entries.length) return found
  throw new WorldError('say what to delete: -f FILE, service NAME, or rules SET', { kind: 'input' })
}

export function sayDeleted(
  asked: readonly string[],
  { entries }: Pick<Ledger, 'entries'>,
  { dryRun, ignoreNotFound }: DeleteFlags,
  world: World,
): ExitCode {
  let code: ExitCode = ExitCode.Done
  for (const id of asked) {
    if (entries.has(id)) world.print(printDeleted(namedBy(id), dryRun))
    else if (!ignoreNotFound) {
      world.say(printNotFound(namedBy(id)))
      code = ExitCode.No
    }
  }
  return code
}
