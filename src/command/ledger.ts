import { bothIntents, parseIntent, printIntent, withIntent } from '../ledger/intent.ts'
import {
  type Changed,
  emptyLedger,
  type Ledger,
  parseLedger,
  printLedger,
} from '../ledger/ledger.ts'
import { type World, WorldError } from '../world/world.ts'
import type { LedgerFlag } from './options.ts'

/** The ledger, and the two steps in which it is changed. */
export interface LedgerStore {
  readonly path: string
  /** What was granted and what is ours; what somebody began and did not end is in it too. */
  readonly ledger: Ledger
  /** Somebody did not come to the end of his changes. */
  readonly unsettled: boolean
  /** Writes down what is about to change, before it does. */
  readonly intend: (changed: Changed) => void
  /** Writes what is true now. */
  readonly settle: (ledger: Ledger) => void
  /** Nothing was changed after all. */
  readonly forget: () => void
  /** There is nothing of ours any more. */
  readonly remove: () => void
}

/** What was granted so far; nothing where there is no ledger yet. */
export function readLedger(flags: LedgerFlag, world: World): Ledger {
  return openLedger(flags, world).ledger
}

export function openLedger({ ledger: wish }: LedgerFlag, world: World): LedgerStore {
  const path = wish ?? world.usualLedger()
  const journal = `${path}.journal`
  const begun = world.readFile(journal)
  const intent = begun === undefined ? undefined : parseIntent(begun)
  const settled = ledgerIn(path, world)
  return {
    path,
    ledger: intent === undefined ? settled : withIntent(settled, intent),
    unsettled: begun !== undefined,
    intend: (changed) => world.writeFile(journal, printIntent(bothIntents(intent, changed))),
    settle: (ledger) => {
      world.writeFile(path, printLedger(ledger))
      world.removeFile(journal)
    },
    forget: () => {
      if (intent === undefined) world.removeFile(journal)
      else world.writeFile(journal, printIntent(intent))
    },
    remove: () => {
      world.removeFile(path)
      world.removeFile(journal)
    },
  }
}

function ledgerIn(path: string, world: World): Ledger {
  const text = world.readFile(path)
  if (text === undefined) return emptyLedger
  const read = parseLedger(text)
  if (typeof read !== 'string') return read
  throw new WorldError(`the ledger "${path}" cannot be read: ${read}`, {
    help: 'put back its last good copy; it is never overwritten while it cannot be read',
  })
}
