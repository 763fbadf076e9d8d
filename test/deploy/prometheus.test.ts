import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { emptyLedger } from '../../src/ledger/ledger.ts'
import { printFamilies } from '../../src/text/prometheus/families.ts'
import { Numbers, standingFamilies, trafficFamilies } from '../../src/watch/numbers.ts'
import { testWith } from '../support/installed.ts'

/** Everything that an agent ever tells, by name. */
function told(): string {
  const standing = standingFamilies({
    ...{ version: '1', isReady: true, sources: new Map([['/m', true]]), broken: 0, lag: 0 },
    ...{ services: 0, refused: 0, conflicts: 0, foreign: 0, synced: 0, ledger: emptyLedger },
    ...{ hostRefusals: 0, usage: { memory: 1, processor: 1 }, probes: { passing: 0, failing: 0 } },
  })
  const traffic = trafficFamilies(emptyLedger, [], [], { node: 'a', perEndpoint: true })
  const all = [...standing, ...new Numbers().families(), ...traffic]
  return printFamilies(
    all.map((family) => ({
      ...family,
      samples: family.samples.length > 0 ? family.samples : [{ value: 0 }],
    })),
  )
}

test.each(['prometheus-rules.yaml', 'grafana-dashboard.json'])(
  '%s asks for nothing that no agent tells',
  (name) => {
    const text = readFileSync(`deploy/${name}`, 'utf8')
    const names = new Set(text.match(/\bnodeport_\w+/g))
    const missing = [...names].filter((it) => !new RegExp(`^${it}[ {]`, 'm').test(told()))
    expect(missing).toEqual([])
  },
)

const there = testWith('promtool', 'apt-get install prometheus')
there('promtool finds no fault with rules and numbers', () => {
  const options = { encoding: 'utf8', cwd: 'deploy' } as const
  const rules = spawnSync('promtool', ['check', 'rules', 'prometheus-rules.yaml'], options)
  expect([rules.stderr, rules.status]).toEqual(['', 0])
  const tried = spawnSync('promtool', ['test', 'rules', 'prometheus-rules-test.yaml'], options)
  expect([tried.stdout + tried.stderr, tried.status]).toEqual([
    expect.stringContaining('SUCCESS'),
    0,
  ])
  const numbers = spawnSync('promtool', ['check', 'metrics'], { ...options, input: told() })
  expect([numbers.stdout + numbers.stderr, numbers.status]).toEqual(['', 0])
})
