import { type Drain, type Entry, type Ledger, placeOf } from './ledger.ts'

// A person keeps real servers out by their places, such as `10.244.1.57:80`, or by an address alone,
// which means all of its ports.

/** Why a real server gets no new connections now, if a person said so. */
export function drainAt(drains: Ledger['drains'], place: string, now: Date): Drain | undefined {
  if (drains.size === 0) return undefined
  const found = [drains.get(place), drains.get(addressIn(place))]
  return found.find((drain) => drain !== undefined && lasts(drain, now))
}

/** Without those whose time is over. */
export function lastingDrains(drains: Ledger['drains'], now: Date): Ledger['drains'] {
  const lasting = [...drains].filter(([, drain]) => lasts(drain, now))
  return lasting.length === drains.size ? drains : new Map(lasting)
}

/** The entries that have one of these real servers, or one at one of these addresses. */
export function entriesAt({ entries }: Ledger, wanted: ReadonlySet<string>): readonly Entry[] {
  if (wanted.size === 0) return []
  const isThere = (place: string) => wanted.has(place) || wanted.has(addressIn(place))
  return [...entries.values()].filter(({ servers }) => {
    return servers.some(({ realServers }) => realServers.some((real) => isThere(placeOf(real))))
  })
}

/** The address in `10.244.1.57:80` or `[fd00::1]:80`. */
export function addressIn(place: string): string {
  return place.slice(0, place.lastIndexOf(':')).replace(/^\[|\]$/g, '')
}

function lasts({ until }: Drain, now: Date): boolean {
  return until === undefined || new Date(until) > now
}
