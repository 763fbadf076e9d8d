import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { withPort } from '../../src/address/ip.ts'
import { protocolNumbers } from '../../src/address/port.ts'
import { type Ledger, withEntries } from '../../src/ledger/ledger.ts'
import { heldFrom } from '../../src/table/held.ts'
import { type Plan, type PlanInput, planFor, type Wish, wishFor } from '../../src/table/plan.ts'
import {
  identityOf,
  type RealServer,
  type Table,
  type VirtualServer,
} from '../../src/table/virtual-server.ts'
import { printChange } from '../../src/text/ipvsadm/change-rules.ts'
import { canonical, canonicalReal } from '../support/canonical.ts'
import {
  anyShares,
  entryOf,
  entryWith,
  identities,
  ledgerWith,
  type Shared,
} from '../support/ledgers.ts'
import { ModelKernel } from '../support/model-kernel.ts'
import { anyTable, ip, realServerWith, serverWith } from '../support/tables.ts'

const now = new Date('2026-01-01T12:00:00Z')
const inQuarter = '2026-01-01T12:15:00.000Z'
const cut = { now, timeoutMs: 0 }
const drain = { now, timeoutMs: 900_000 }

const a = realServerWith({ address: ip('10.244.0.1') })
const b = realServerWith({ address: ip('10.244.0.2') })
const busy = { connections: { active: 2, inactive: 1, persistent: 0 } }
const web = serverWith({ realServers: [a, b] })

describe('what is wanted', () => {
  test('is made where there is nothing', () => {
    const plan = planWith({ wishes: [wishOf(web)] })
    expect(rules(plan)).toEqual([
      '-A -t 10.96.0.1:80 -s rr',
      '-a -t 10.96.0.1:80 -r 10.244.0.1:8080 -m -w 1',
      '-a -t 10.96.0.1:80 -r 10.244.0.2:8080 -m -w 1',
    ])
    expect(plan.changed.entries).toEqual([entryWith({ servers: [heldFrom(web)] })])
  })

  test('is put back where somebody changed it', () => {
    const live = [serverWith({ scheduler: 'wrr', realServers: [{ ...a, weight: 7 }] })]
    const plan = planWith({ wishes: [wishOf(web)], ledger: holding(web), live })
    expect(rules(plan)).toEqual([
      '-E -t 10.96.0.1:80 -s rr',
      '-a -t 10.96.0.1:80 -r 10.244.0.2:8080 -m -w 1',
      '-e -t 10.96.0.1:80 -r 10.244.0.1:8080 -m -w 1',
    ])
    expect(plan.changed.entries).toEqual([])
  })

  test('and is there already needs nothing, in whatever order', () => {
    const live = [serverWith({ realServers: [b, a] })]
    const plan = planWith({ wishes: [wishOf(web)], ledger: holding(web), live })
    expect(plan).toMatchObject({ changes: [], changed: { entries: [], removed: [] } })
  })

  test('is written down again where only its place in the text has moved', () => {
    const wish = { ...wishOf(web), moved: true }
    const plan = planWith({ wishes: [wish], ledger: holding(web), live: [web] })
    expect(plan.changes).toEqual([])
    expect(plan.changed.entries).toHaveLength(1)
  })

  test('goes from one entry to another without a gap', () => {
    const moved = { ...wishOf(web), entry: { name: 'default/new', set: 'default' } }
    const plan = planWith({
      wishes: [{ ...wishOf(web), servers: [] }, moved],
      ledger: holding(web),
      live: [web],
    })
    expect(plan).toMatchObject({ changes: [], conflicts: [] })
    expect(plan.changed.entries.map(({ name, servers }) => [name, servers.length])).toEqual([
      ['default/web', 0],
      ['default/new', 1],
    ])
  })

  test('goes from an entry that is removed to another without a gap', () => {
    const moved = { ...wishOf(web), entry: { name: 'default/new', set: 'default' } }
    const input = { wishes: [moved], removed: ['default/web'], ledger: holding(web), live: [web] }
    expect(planWith(input)).toMatchObject({
      changes: [],
      changed: { removed: ['default/web'] },
      conflicts: [],
    })
  })
})

describe('what nobody wants any more', () => {
  test('goes with its entry', () => {
    const plan = planWith({ removed: ['default/web'], ledger: holding(web), live: [web] })
    expect(rules(plan)).toEqual(['-D -t 10.96.0.1:80'])
    expect(plan.changed).toMatchObject({ entries: [], removed: ['default/web'] })
  })

  test('goes from an entry that stays', () => {
    const other = serverWith({ port: 443 })
    const plan = planWith({
      wishes: [wishOf(web)],
      ledger: holding(web, other),
      live: [web, other],
    })
    expect(rules(plan)).toEqual(['-D -t 10.96.0.1:443'])
  })

  test('is forgotten where it is gone already', () => {
    expect(planWith({ removed: ['default/web'], ledger: holding(web) })).toMatchObject({
      changes: [],
      changed: { removed: ['default/web'] },
    })
  })

  test('stays while its entry is not asked for at all', () => {
    expect(planWith({ ledger: holding(web), live: [web] })).toMatchObject({
      changes: [],
      changed: { entries: [], removed: [] },
      foreign: [],
    })
  })
})

describe('what is not ours', () => {
  test('is in the way of what is wanted', () => {
    const plan = planWith({ wishes: [wishOf(web)], live: [serverWith({})] })
    expect(plan.conflicts).toEqual([{ server: web, owner: undefined }])
    expect(plan.changes).toEqual([])
  })

  test('is taken over where that is asked for, whole', () => {
    const live = [serverWith({ scheduler: 'lc', realServers: [b, realServerWith({ port: 1 })] })]
    const plan = planWith({ wishes: [wishOf(web)], live, adopt: true })
    expect(plan).toMatchObject({ conflicts: [], foreign: [], strangers: [] })
    expect(rules(plan)).toEqual([
      '-E -t 10.96.0.1:80 -s rr',
      '-a -t 10.96.0.1:80 -r 10.244.0.1:8080 -m -w 1',
      '-d -t 10.96.0.1:80 -r 10.244.0.5:1',
    ])
  })

  test('is told of', () => {
    expect(planWith({ live: [web] }).foreign).toEqual([web])
  })

  test('stays among our real servers', () => {
    const stranger = realServerWith({ address: ip('10.244.0.9'), weight: 3 })
    const live = [serverWith({ realServers: [stranger, b, a] })]
    const plan = planWith({ wishes: [wishOf(web)], ledger: holding(web), live })
    expect(plan.changes).toEqual([])
    expect(plan.strangers).toEqual([{ server: web, realServer: stranger }])
  })

  test('is no less so for belonging to another entry', () => {
    const wish = { ...wishOf(web), entry: { name: 'shop/web', set: 'default' } }
    const plan = planWith({ wishes: [wish], ledger: holding(web), live: [web], adopt: true })
    expect(plan.conflicts.map(({ owner }) => owner?.name)).toEqual(['default/web'])
  })

  test('is so even before either of two has it', () => {
    const second = { ...wishOf(web), entry: { name: 'shop/web', set: 'default' } }
    const plan = planWith({ wishes: [wishOf(web), second] })
    expect(plan.conflicts).toEqual([
      { server: web, owner: { name: 'default/web', set: 'default' } },
    ])
  })
})

describe('a real server that leaves', () => {
  const one = serverWith({ realServers: [a] })
  const leaving = (live: readonly RealServer[], parts: Partial<PlanInput> = {}) =>
    planWith({
      ...{ wishes: [wishOf(one)], ledger: holding(web), drain },
      ...{ live: [serverWith({ realServers: live })], ...parts },
    })

  test('goes at once where it has no connections', () => {
    expect(rules(leaving([a, b]))).toEqual(['-d -t 10.96.0.1:80 -r 10.244.0.2:8080'])
  })

  test('gets no new connections while it has some, and is remembered', () => {
    const plan = leaving([a, { ...b, ...busy }])
    expect(rules(plan)).toEqual(['-e -t 10.96.0.1:80 -r 10.244.0.2:8080 -m -w 0'])
    const draining = [
      { server: 'TCP 10.96.0.1:80', realServer: '10.244.0.2:8080', until: inQuarter },
    ]
    expect(plan.changed.entries).toEqual([entryWith({ servers: [heldFrom(one)], draining })])
    expect(plan.draining).toMatchObject([{ realServer: { weight: 0 }, until: inQuarter }])
  })

  test('goes at once where nobody is to wait for it', () => {
    const plan = leaving([a, { ...b, ...busy }], { drain: cut })
    expect(rules(plan)).toEqual(['-d -t 10.96.0.1:80 -r 10.244.0.2:8080'])
  })

  test.each(['UDP', 'SCTP'] as const)('goes at once over %s', (name) => {
    const protocol = protocolNumbers[name]
    const before = serverWith({ protocol, realServers: [a, { ...b, ...busy }] })
    const wish = wishOf(serverWith({ protocol, realServers: [a] }))
    const plan = planWith({ wishes: [wish], ledger: holding(before), live: [before], drain })
    expect(plan.changes.map(({ verb }) => verb)).toEqual(['detach'])
  })

  describe('and waits for its connections to end', () => {
    const waiting = (until: string) => {
      const draining = [{ server: 'TCP 10.96.0.1:80', realServer: '10.244.0.2:8080', until }]
      return ledgerWith([entryWith({ servers: [heldFrom(one)], draining })])
    }
    const quiet = { ...b, weight: 0 }

    test('stays as it is until then', () => {
      const plan = leaving([a, { ...quiet, ...busy }], { ledger: waiting(inQuarter) })
      expect(plan).toMatchObject({ changes: [], changed: { entries: [] }, strangers: [] })
    })

    test.each([
      ['when its last one has ended', [a, quiet], inQuarter],
      ['when its time is over', [a, { ...quiet, ...busy }], '2026-01-01T12:00:00.000Z'],
    ])('goes %s', (_, live, until) => {
      const plan = leaving(live, { ledger: waiting(until) })
      expect(rules(plan)).toEqual(['-d -t 10.96.0.1:80 -r 10.244.0.2:8080'])
      expect(plan.changed.entries).toEqual([entryWith({ servers: [heldFrom(one)] })])
    })

    test('takes part again where it is wanted again', () => {
      const plan = leaving([a, { ...quiet, ...busy }], {
        wishes: [wishOf(web)],
        ledger: waiting(inQuarter),
      })
      expect(rules(plan)).toEqual(['-e -t 10.96.0.1:80 -r 10.244.0.2:8080 -m -w 1'])
      expect(plan.changed.entries).toEqual([entryWith({ servers: [heldFrom(web)] })])
    })

    test('is kept from new connections where somebody let it have some', () => {
      const plan = leaving([a, { ...b, ...busy }], { ledger: waiting(inQuarter) })
      expect(rules(plan)).toEqual(['-e -t 10.96.0.1:80 -r 10.244.0.2:8080 -m -w 0'])
    })
  })
})

describe('a real server that a person keeps out', () => {
  const since = '2026-01-01T00:00:00Z'
  const out = (key: string, until?: string) =>
    new Map([[key, until === undefined ? { since } : { since, until }]])

  test.each([
    ['by its port', out('10.244.0.2:8080')],
    ['by its address', out('10.244.0.2')],
    ['for a while', out('10.244.0.2', '2026-01-01T12:00:01Z')],
  ])('has weight 0, kept out %s', (_, drains) => {
    const plan = planWith({ wishes: [wishOf(web)], ledger: holding(web), live: [web], drains })
    expect(rules(plan)).toEqual(['-e -t 10.96.0.1:80 -r 10.244.0.2:8080 -m -w 0'])
    expect(plan.keptOut.map(({ realServer }) => realServer)).toEqual([b])
    // The ledger remembers the weight that it is to have again.
    expect(plan.changed.entries).toEqual([])
  })

  test('has its weight again when the time is over', () => {
    const drains = out('10.244.0.2', '2026-01-01T12:00:00Z')
    const live = [serverWith({ realServers: [a, { ...b, weight: 0 }] })]
    const plan = planWith({ wishes: [wishOf(web)], ledger: holding(web), live, drains })
    expect(rules(plan)).toEqual(['-e -t 10.96.0.1:80 -r 10.244.0.2:8080 -m -w 1'])
  })

  test('comes in with weight 0', () => {
    const plan = planWith({ wishes: [wishOf(web)], drains: out('10.244.0.2') })
    expect(rules(plan)[2]).toBe('-a -t 10.96.0.1:80 -r 10.244.0.2:8080 -m -w 0')
  })
})

describe('in any small world', () => {
  const numRuns = 400

  test('what is wanted comes about, and what is not ours stays as it was', () => {
    fc.assert(
      fc.property(anyWorld, ({ ledger, live, wishes, removed }) => {
        const plan = planWith({ wishes, removed, ledger, live, adopt: true })
        if (plan.conflicts.length > 0) return
        const wanted = wishes.flatMap(({ servers }) => servers)
        const identities = new Set(wanted.map(identityOf))
        const planned = new Set([...removed, ...wishes.map(({ entry }) => entry.name)])
        const owners = ownersIn(ledger)
        const others = live.filter((server) => {
          const identity = identityOf(server)
          return !identities.has(identity) && !planned.has(owners.get(identity) ?? '')
        })
        const expected = wanted.map((server) => {
          const strangers = plan.strangers.filter((row) => row.server === server)
          const realServers = strangers.map(({ realServer }) => realServer)
          return { ...server, realServers: [...server.realServers, ...realServers] }
        })
        expect(canonical(played(live, plan))).toEqual(canonical([...others, ...expected]))
      }),
      { numRuns },
    )
  })

  test('real servers that we never named stay', () => {
    fc.assert(
      fc.property(anyWorld, ({ ledger, live, wishes }) => {
        const plan = planWith({ wishes, ledger, live })
        if (plan.conflicts.length > 0) return
        const after = new Map(played(live, plan).map((server) => [identityOf(server), server]))
        for (const server of live) {
          const identity = identityOf(server)
          const named = namedIn(ledger, wishes, identity)
          const strangers = server.realServers.filter(({ address, port }) => {
            return !named.has(withPort(address, port))
          })
          const found = after.get(identity)
          if (found === undefined) continue
          expect(found.realServers.map(canonicalReal)).toEqual(
            expect.arrayContaining(strangers.map(canonicalReal)),
          )
        }
      }),
      { numRuns },
    )
  })

  test('nothing is left to do afterwards', () => {
    fc.assert(
      fc.property(anyWorld, ({ ledger, live, wishes, removed }) => {
        const plan = planWith({ wishes, removed, ledger, live, adopt: true })
        if (plan.conflicts.length > 0) return
        const again = planWith({
          ...{ wishes, removed, ledger: withEntries(ledger, plan.changed) },
          live: played(live, plan),
        })
        expect(again).toMatchObject({
          changes: [],
          conflicts: [],
          changed: { entries: [], removed: [] },
        })
      }),
      { numRuns },
    )
  })

  test('a ledger that nobody changes has no wishes but its own', () => {
    fc.assert(
      fc.property(anyShares, (shares) => {
        const ledger = ledgerWith(shares.map(entryOf))
        const wishes = [...ledger.entries.values()].map(wishFor)
        const live = played([], planWith({ wishes }))
        expect(canonical(live)).toEqual(canonical(shares.flatMap(({ servers }) => servers)))
        expect(planWith({ wishes, ledger, live })).toMatchObject({
          changes: [],
          changed: { entries: [], removed: [] },
          foreign: [],
        })
      }),
    )
  })
})

interface World {
  readonly ledger: Ledger
  readonly live: Table
  readonly wishes: readonly Wish[]
  readonly removed: readonly string[]
}

/** Of what the ledger names some is there, some is gone, and some is not as it was. */
const anyWorld: fc.Arbitrary<World> = fc
  .record({
    held: anyShares,
    wanted: anyShares,
    others: anyTable,
    kept: fc.array(fc.boolean(), { minLength: 24, maxLength: 24 }),
    removed: fc.subarray(['default/web', 'shop/web', 'rules:default']),
  })
  .map(({ held, wanted, others, kept, removed }) => {
    const ours = held.flatMap(({ servers }) => servers).filter((_, index) => kept[index])
    // Some wishes are what is there already.
    const wished = new Set(wanted.map(({ name }) => name))
    const shares = [
      ...wanted,
      ...held.filter(({ name }, index) => !wished.has(name) && kept[index]),
    ]
    const names = new Set(shares.map(({ name }) => name as string))
    return {
      ledger: ledgerWith(held.map(entryOf)),
      live: firstOfEach([...ours, ...others]),
      wishes: withoutTwins(shares).map(({ name, servers }) => ({
        ...{ entry: { name, set: 'default' }, servers, moved: false },
      })),
      removed: removed.filter((name) => !names.has(name)),
    }
  })

function withoutTwins(shares: readonly Shared[]): readonly Shared[] {
  const seen = new Set<string>()
  return shares.map((share) => {
    const servers = share.servers.filter((server) => !seen.has(identityOf(server)))
    for (const identity of identities([share])) seen.add(identity)
    return { ...share, servers }
  })
}

function firstOfEach(table: Table): Table {
  return [...new Map(table.toReversed().map((server) => [identityOf(server), server])).values()]
}

function played(live: Table, { changes }: Plan): Table {
  const kernel = new ModelKernel(live)
  for (const change of changes) kernel.perform(change)
  return kernel.table()
}

function ownersIn({ entries }: Ledger): ReadonlyMap<string, string> {
  return new Map(
    [...entries.values()].flatMap((entry) =>
      wishFor(entry).servers.map((server) => [identityOf(server), entry.name] as const),
    ),
  )
}

/** The places of real servers that the ledger or a wish has in a virtual server. */
function namedIn(ledger: Ledger, wishes: readonly Wish[], identity: string): ReadonlySet<string> {
  const all = [...[...ledger.entries.values()].map(wishFor), ...wishes]
  const servers = all.flatMap(({ servers }) => servers).filter((it) => identityOf(it) === identity)
  return new Set(
    servers.flatMap(({ realServers }) =>
      realServers.map(({ address, port }) => withPort(address, port)),
    ),
  )
}

function planWith(parts: Partial<PlanInput>): Plan {
  return planFor({
    ...{ wishes: [], removed: [], ledger: ledgerWith([]), live: [], drain: cut, adopt: false },
    ...parts,
  })
}

function wishOf(...servers: readonly VirtualServer[]): Wish {
  return { entry: { name: 'default/web', set: 'default' }, servers, moved: false }
}

function holding(...servers: readonly VirtualServer[]): Ledger {
  return ledgerWith([entryWith({ servers: servers.map(heldFrom) })])
}

function rules({ changes }: Plan): string[] {
  return changes.map(printChange)
}
