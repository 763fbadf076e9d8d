import {
  changedKey,
  type FleetRecord,
  type FleetState,
  isService,
  printRecord,
  serviceIn,
} from '../ledger/fleet.ts'
import {
  type Condition,
  mostBytes,
  mostOperations,
  type Operation,
  type Transaction,
} from '../ledger/transaction.ts'
import { readService } from '../object/service.ts'
import { clusterIPsOf } from './addresses.ts'
import { nodePortsOf } from './node-ports.ts'

/** What is to become of a fleet's keys. */
export interface FleetChange {
  readonly put: ReadonlyMap<string, FleetRecord>
  readonly removed: readonly string[]
}

export interface Writing {
  readonly prefix: string
  /** Who writes, for those who ask. */
  readonly by: string
}

/** The keys of the numbers that a stored Service has. */
export function grantKeysOf(object: FleetRecord['object']): readonly string[] {
  const { spec } = readService(object, 'default', undefined)
  const ports = nodePortsOf(spec).map((port) => `grants/nodePort/${port}`)
  const addresses = clusterIPsOf(spec).map((address) => `grants/clusterIP/${address}`)
  return [...new Set([...ports, ...addresses])]
}

/**
 * The transactions that make a change, one after another. A Service is written together with its
 * numbers, and only where nobody has any of them: whoever comes second has to look again. What
 * gives numbers up comes first; who answers comes before the Service that asks for it.
 */
export function transactionsFor(
  state: FleetState,
  { put, removed }: FleetChange,
  { prefix, by }: Writing,
): readonly Transaction[] {
  const parts = [
    ...removed.map((key) => removal(state, key)),
    ...[...put].map(([key, record]) => writing(state, key, record)),
  ].sort((a, b) => a.order - b.order)
  const transactions: Transaction[] = []
  let sum = emptyPart
  let keys = new Set<string>()
  const finish = (): void => {
    if (sum.operations.length > 0) transactions.push(prefixed(sum, prefix, by))
    sum = emptyPart
    keys = new Set()
  }
  for (const part of parts) {
    const own = part.operations.map(keyOf)
    if (!fits(sum, part) || own.some((key) => keys.has(key))) finish()
    sum = {
      order: 0,
      conditions: [...sum.conditions, ...part.conditions],
      operations: [...sum.operations, ...part.operations],
    }
    for (const key of own) keys.add(key)
  }
  finish()
  return transactions
}

interface Part extends Transaction {
  readonly order: number
}

const emptyPart: Part = { order: 0, conditions: [], operations: [] }

function removal({ records }: FleetState, key: string): Part {
  const old = records.get(key)
  if (old === undefined) return emptyPart
  const owner = serviceIn(key)
  const grants = isService(key) ? grantKeysOf(old.object) : []
  return {
    order: isService(key) ? 0 : 3,
    conditions: [
      { key, is: 'modified', at: old.modified },
      ...grants.map((grant): Condition => ({ key: grant, is: 'value', value: owner })),
    ],
    operations: [key, ...grants].map((remove) => ({ remove })),
  }
}

function writing({ records }: FleetState, key: string, record: FleetRecord): Part {
  const old = records.get(key)
  const unchanged: Condition =
    old === undefined ? { key, is: 'absent' } : { key, is: 'modified', at: old.modified }
  const write: Operation = { put: key, value: printRecord(record) }
  if (!isService(key)) return { order: 1, conditions: [unchanged], operations: [write] }
  const owner = serviceIn(key)
  const before = new Set(old === undefined ? [] : grantKeysOf(old.object))
  const grants = grantKeysOf(record.object)
  const taken = grants.filter((grant) => !before.has(grant))
  const kept = grants.filter((grant) => before.has(grant))
  const left = [...before].filter((grant) => !grants.includes(grant))
  return {
    order: left.length > 0 ? 1 : 2,
    conditions: [
      unchanged,
      ...taken.map((grant): Condition => ({ key: grant, is: 'absent' })),
      ...[...kept, ...left].map((grant): Condition => ({ key: grant, is: 'value', value: owner })),
    ],
    operations: [
      write,
      ...taken.map((grant) => ({ put: grant, value: owner })),
      ...left.map((grant) => ({ remove: grant })),
    ],
  }
}

function fits(sum: Transaction, part: Transaction): boolean {
  // One more is written with each transaction.
  return (
    sum.operations.length + part.operations.length < mostOperations &&
    sum.conditions.length + part.conditions.length <= mostOperations &&
    bytesOf(sum) + bytesOf(part) <= mostBytes
  )
}

function bytesOf({ operations }: Transaction): number {
  // Counted in letters, of which each may take three bytes at most; few do.
  return operations.reduce((bytes, one) => bytes + ('put' in one ? one.value.length : 0) + 200, 0)
}

function keyOf(operation: Operation): string {
  return 'put' in operation ? operation.put : operation.remove
}

function prefixed(
  { conditions, operations }: Transaction,
  prefix: string,
  by: string,
): Transaction {
  const all: readonly Operation[] = [...operations, { put: changedKey, value: by }]
  return {
    conditions: conditions.map((one) => ({ ...one, key: prefix + one.key })),
    operations: all.map((one) =>
      'put' in one ? { ...one, put: prefix + one.put } : { ...one, remove: prefix + one.remove },
    ),
  }
}
