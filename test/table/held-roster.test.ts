import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { parseCIDR } from '../../src/address/cidr.ts'
import { withPort } from '../../src/address/ip.ts'
import { compile } from '../../src/compile.ts'
import { type Entry, emptyLedger, withEntries } from '../../src/ledger/ledger.ts'
import { nameOf } from '../../src/object/metadata.ts'
import { defaultPools } from '../../src/pool/allocate.ts'
import { backendsOf } from '../../src/roster/backend.ts'
import { answerOf } from '../../src/roster/roster.ts'
import { heldFrom } from '../../src/table/held.ts'
import { rosterOfLedger } from '../../src/table/held-roster.ts'
import { defaultSettings } from '../../src/table/service-settings.ts'
import { fieldsOfService } from '../../src/text/kubectl/service-fields.ts'

test.each([
  ['of one family', 'dns/dns.yaml'],
  ['of two families', 'dual-stack/web.yaml'],
])('a ledger knows who answers for a Service %s', (_, path) => {
  const text = readFileSync(`fixtures/stories/${path}`, 'utf8')
  const serviceCIDRs = ['10.96.0.0/12', 'fd00:96::/108'].flatMap((it) => parseCIDR(it) ?? [])
  const { granteds, roster, table } = compile([{ name: path, text }], {
    held: new Map(),
    pools: { ...defaultPools, serviceCIDRs },
    settings: defaultSettings,
    view: {
      role: 'node',
      node: undefined,
      nodeIPs: [],
      nodePortAddresses: [],
      host: { name: 'node-a', addresses: [] },
    },
  })
  const entries = granteds.map((granted): Entry => {
    const name = nameOf(granted)
    const own = table.filter(({ cause }) => cause?.service === name)
    return { name, set: 'default', service: fieldsOfService(granted), servers: own.map(heldFrom) }
  })
  const known = rosterOfLedger(withEntries(emptyLedger, { entries, removed: [] }))

  const addressesIn = (from: typeof roster): string[] =>
    granteds.flatMap((granted) =>
      granted.spec.ports.flatMap((port) =>
        (['IPv4', 'IPv6'] as const).flatMap((family) =>
          backendsOf(answerOf(from, granted), port, family).map((it) =>
            withPort(it.address, it.port),
          ),
        ),
      ),
    )
  expect(addressesIn(known)).toEqual(addressesIn(roster))
  expect(addressesIn(known).length).toBeGreaterThan(0)
})
