import { emptyLedger, type Ledger, parseLedger } from '../ledger/ledger.ts'
import { type World, WorldError } from '../world/world.ts'
import type { LedgerFlag } from './options.ts'

/** What was granted so far; nothing where there is no ledger yet. */
export function readLedger({ ledger }: LedgerFlag, world: World): Ledger {
  const path = ledger ?? world.usualLedger()
  const text = world.readFile(path)
  if (text === undefined) return emptyLedger
  const read = parseLedger(text)
  if (typeof read !== 'string') return read
  throw new WorldError(`the ledger "${path}" cannot be read: ${read}`, {
    help: 'put back the last good copy; it is never overwritten while it cannot be read',
  })
}
