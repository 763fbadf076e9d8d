import { printable } from '../diagnostic/printable.ts'
import {
  type Intent,
  intentAfter,
  intentBack,
  leftOf,
  ownedDuring,
  parseIntent,
  printIntent,
} from '../ledger/intent.ts'
import {
  type Changed,
  emptyLedger,
  type Ledger,
  parseLedger,
  printLedger,
  withEntries,
} from '../ledger/ledger.ts'
import { type World, WorldError } from '../world/world.ts'
import type { LedgerFlag } from './options.ts'

/** The ledger, and the two steps in which it is changed. */
export interface LedgerStore {
  readonly path: string
  /** What was granted and what is ours; what somebody began and did not end is in it too. */
  readonly ledger: Ledger
  /** The ledger as it is to be, if nobody asks for anything new: what was begun is ended. */
  readonly aim: Ledger
  /** What somebody began and did not end. */
  readonly unfinished: Changed | undefined
  /** Writes down what is about to change, before it does. */
  readonly intend: (changed: Changed) => void
  /** Writes what is true now. */
  readonly settle: (ledger: Ledger) => void
  /** Nothing was changed after all. */
  readonly forget: () => void
  /** Something was changed and could not be taken back: that is left to the next run. */
  readonly turnBack: (changed: Changed) => void
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
  const aim = intent === undefined ? settled : withEntries(settled, intent)
  const write = (next: Intent) => world.writeFile(journal, printIntent(next))
  return {
    path,
    aim,
    ledger: intent === undefined ? settled : ownedDuring(settled, intent),
    unfinished: intent && leftOf(intent, settled),
    intend: (changed) => write(intentAfter(intent, changed)),
    settle: (ledger) => {
      world.writeFile(path, printLedger(ledger))
      world.removeFile(journal)
    },
    forget: () => {
      if (intent === undefined) world.removeFile(journal)
      else write(intent)
    },
    turnBack: (changed) => write(intentBack(aim, intentAfter(intent, changed))),
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
  throw new WorldError(`the ledger "${path}" cannot be read: ${printable(read)}`, {
    help: 'put back its last good copy; it is never overwritten while it cannot be read',
  })
}
