import { isAddress } from '../ledger/fleet-address.ts'

/** Whether a ledger is that of a fleet, and no file. */
export function isFleet(ledger: string | undefined): ledger is string {
  return ledger !== undefined && isAddress(ledger)
}
