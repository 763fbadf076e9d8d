import fc from 'fast-check'
import {
  type Draining,
  type Entry,
  type HeldServer,
  type Ledger,
  printLedger,
} from '../../src/ledger/ledger.ts'
import { heldFrom } from '../../src/table/held.ts'
import { identityOf, type VirtualServer } from '../../src/table/virtual-server.ts'
import { wholeOf } from '../../src/world/pieces.ts'
import { anyTable } from './tables.ts'

// Ledgers from a small world: three entries in two sets, which share out the virtual servers of a
// table among themselves.

const names = ['default/web', 'shop/web', 'rules:default'] as const

/** An entry as most are, but for what is given. */
export function entryWith(parts: Partial<Entry>): Entry {
  return { name: 'default/web', set: 'default', servers: [], ...parts }
}

export function ledgerWith(entries: readonly Entry[], parts: Partial<Ledger> = {}): Ledger {
  return {
    entries: new Map(entries.map((entry) => [entry.name, entry])),
    drains: new Map(),
    files: new Map(),
    ...parts,
  }
}

/** Virtual servers, shared out among entries at random. */
export function ledgerText(ledger: Ledger): string {
  return wholeOf(printLedger(ledger))
}

export interface Shared {
  readonly name: (typeof names)[number]
  readonly servers: readonly VirtualServer[]
}

export const anyShares: fc.Arbitrary<readonly Shared[]> = anyTable.chain((table) =>
  fc
    .array(fc.nat(names.length - 1), { minLength: table.length, maxLength: table.length })
    .map((owners) =>
      names.flatMap((name, index) => {
        const servers = table.filter((_, at) => owners[at] === index)
        return servers.length === 0 ? [] : [{ name, servers }]
      }),
    ),
)

export const anyEntry: fc.Arbitrary<Entry> = fc
  .record({
    name: fc.constantFrom(...names),
    set: fc.constantFrom('default', 'other'),
    file: fc.constantFrom(undefined, 'web.yaml'),
    table: anyTable,
    service: fc.constantFrom(undefined, { kind: 'Service', metadata: { name: 'web' } }),
    draining: fc.subarray([draining('10.244.0.5:80'), draining('10.244.0.6:8080')]),
  })
  .map(({ name, set, file, table, service, draining }) => ({
    ...{ name, set, servers: table.map(heldFrom) },
    ...(file === undefined ? {} : { file }),
    ...(service === undefined ? {} : { service }),
    ...(draining.length === 0 ? {} : { draining }),
  }))

/** Any ledger in which no two entries have the same. */
export const anyLedger: fc.Arbitrary<Ledger> = fc
  .record({
    shares: anyShares,
    drains: fc.dictionary(
      fc.constantFrom('10.244.0.5', '10.244.0.6:80', '[fd00:244::5]:80'),
      fc.record(
        {
          since: fc.constant('2026-01-01T00:00:00.000Z'),
          until: fc.constant('2026-01-02T00:00:00.000Z'),
          reason: fc.string(),
        },
        { requiredKeys: ['since'] },
      ),
    ),
    files: fc.dictionary(fc.constantFrom('web.yaml', '-'), fc.nat()),
  })
  .map(({ shares, drains, files }) => ({
    entries: new Map(shares.map((share) => [share.name, entryOf(share)])),
    drains: new Map(Object.entries(drains)),
    files: new Map(Object.entries(files)),
  }))

export function entryOf({ name, servers }: Shared): Entry {
  return entryWith({ name, servers: servers.map(heldFrom) })
}

/** All places that an entry names, by virtual server. */
export function placesIn({ servers }: { readonly servers: readonly HeldServer[] }): string[] {
  return servers.flatMap(({ realServers, address, port, fwmark, protocol, family }) =>
    [undefined, ...realServers].map((real) => {
      const place = typeof real === 'object' ? real.at : real
      return [protocol, address, port, fwmark, family, place].join(' ')
    }),
  )
}

export function identities(shares: readonly Shared[]): string[] {
  return shares.flatMap(({ servers }) => servers.map(identityOf))
}

function draining(realServer: string): Draining {
  return { server: 'TCP 10.96.0.1:80', realServer, until: '2026-01-01T00:15:00.000Z' }
}
