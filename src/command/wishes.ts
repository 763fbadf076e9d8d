import { lettersOf } from '../diagnostic/source.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { map, nameOf } from '../object/metadata.ts'
import type { Granted } from '../pool/grant.ts'
import { serversByService } from '../table/by-service.ts'
import type { Wish } from '../table/plan.ts'
import type { Table, VirtualServer } from '../table/virtual-server.ts'
import type { Named } from '../text/kubectl/apply.ts'
import { fieldsOfService } from '../text/kubectl/service-fields.ts'
import type { Wanted } from './wanted.ts'

export interface WishContext {
  readonly set: string
  readonly ledger: Ledger
  /** When a Service was made that no entry is of yet. */
  readonly created: string
}

/** What the ledger's entries are to become for a table that is wanted. */
export function wishesFor({ table, compiled }: Wanted, context: WishContext): readonly Wish[] {
  if (compiled === undefined) return [rulesWish(table, context.set)]
  const byService = serversByService(table)
  return compiled.granteds.map((granted) => {
    return serviceWish(granted, byService.get(nameOf(granted)) ?? [], context)
  })
}

export interface SetFlags {
  readonly set: string
  readonly prune: boolean
}

/** The entries of a set that nobody asks for any more, if they are to go. */
export function removedBy(
  { set, prune }: SetFlags,
  wishes: readonly Wish[],
  ledger: Ledger,
): readonly string[] {
  if (!prune) return []
  const names = new Set(wishes.map(({ entry }) => entry.name))
  return [...ledger.entries.values()].flatMap((entry) => {
    return entry.set === set && !names.has(entry.name) ? [entry.name] : []
  })
}

/** Rules have no Service: all of a set are one entry. */
function rulesWish(servers: Table, set: string): Wish {
  return { entry: { name: entryOfRules(set), set }, servers, moved: false }
}

export function entryOfRules(set: string): string {
  return `rules:${set}`
}

/** What an entry is for people, by its name. */
export function namedBy(entry: string): Named {
  if (entry.startsWith(entryOfRules(''))) {
    return { kind: 'rules', namespace: undefined, name: entry.slice(entryOfRules('').length) }
  }
  const [namespace = '', name = ''] = entry.split('/')
  return { kind: 'service', namespace, name }
}

/** What the entry of a Service is to become. */
export function serviceWish(
  granted: Granted,
  servers: readonly VirtualServer[],
  { set, ledger, created }: WishContext,
): Wish {
  const name = nameOf(granted)
  const source = granted.origin?.document.source
  const old = ledger.entries.get(name)?.service
  const service = fieldsOfService(granted, {
    // A Service is as old as its entry, whatever a manifest says.
    creationTimestamp: map(old?.metadata).creationTimestamp ?? created,
  })
  return {
    entry: { name, set, service, ...(source === undefined ? {} : { file: source.name }) },
    servers,
    moved: source !== undefined && ledger.files.get(source.name) !== lettersOf(source).length,
  }
}

/** The lengths of the manifests, for the ledger to remember. */
export function fileLengths(ledger: Ledger, { compiled }: Wanted): ReadonlyMap<string, number> {
  const files = new Map(ledger.files)
  for (const source of compiled?.sources ?? []) files.set(source.name, lettersOf(source).length)
  const used = new Set([...ledger.entries.values()].map(({ file }) => file))
  for (const name of files.keys()) if (!used.has(name)) files.delete(name)
  return files
}
