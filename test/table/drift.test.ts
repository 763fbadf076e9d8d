import { expect, test } from '@jest/globals'
import type { Ledger } from '../../src/ledger/ledger.ts'
import type { Change } from '../../src/table/change.ts'
import { isDriftFrom } from '../../src/table/drift.ts'
import { heldFrom } from '../../src/table/held.ts'
import { entryWith, ledgerWith } from '../support/ledgers.ts'
import { ip, realServerWith, serverWith } from '../support/tables.ts'

const now = new Date('2026-01-01T12:00:00Z')
const a = realServerWith({ weight: 5 })
const b = realServerWith({ address: ip('10.244.0.6') })
const server = serverWith({ scheduler: 'wrr', realServers: [a] })
const draining = [
  { server: 'TCP 10.96.0.1:80', realServer: '10.244.0.6:8080', until: '2026-01-01T12:15:00Z' },
]
const entry = entryWith({ servers: [heldFrom(server)], draining })
const since = '2026-01-01T00:00:00Z'
const drained = ledgerWith([entry], { drains: new Map([['10.244.0.5:8080', { since }]]) })

test.each<[string, boolean, Change, Ledger?]>([
  ['a virtual server that is gone', true, { verb: 'add', server }],
  ['a scheduler that somebody changed', true, { verb: 'edit', server }],
  ['a real server that is gone', true, { verb: 'attach', server, realServer: a }],
  ['a weight that somebody changed', true, { verb: 'adjust', server, realServer: a }],
  [
    'a weight given to a real server that drains',
    true,
    { verb: 'adjust', server, realServer: { ...b, weight: 0 } },
  ],
  [
    'a weight given to a real server that a person keeps out',
    true,
    { verb: 'adjust', server, realServer: { ...a, weight: 0 } },
    drained,
  ],
  ['a scheduler that is wished for now', false, { verb: 'edit', server: serverWith({}) }],
  ['a virtual server that nobody had', false, { verb: 'add', server: serverWith({ port: 1 }) }],
  [
    'a weight that is wished for now',
    false,
    { verb: 'adjust', server, realServer: { ...a, weight: 6 } },
  ],
  [
    'a weight of 0 that is wished for now',
    false,
    { verb: 'adjust', server, realServer: { ...a, weight: 0 } },
  ],
  ['a real server that leaves', false, { verb: 'detach', server, realServer: a }],
  ['a virtual server that leaves', false, { verb: 'delete', server }],
])('%s is drift: %s', (_, is, change, ledger = ledgerWith([entry])) => {
  expect(isDriftFrom(ledger, now)(change)).toBe(is)
})
