import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { HeldTerrain } from '../../src/ledger/ledger.ts'
import { linesOf, printCommands } from '../../src/terrain/commands.ts'
import { printTableText } from '../../src/terrain/nftables.ts'
import { emptySets, type Sets, setNames } from '../../src/terrain/sets.ts'
import { heldAfter, type LiveTerrain, type Steps, stepsFor } from '../../src/terrain/steps.ts'
import type { Terrain } from '../../src/terrain/terrain.ts'
import { ModelGround } from '../support/model-ground.ts'
import { ip } from '../support/tables.ts'

const untouched: HeldTerrain = { interface: 'nodeport0', role: 'node', podCIDRs: [], sysctls: {} }

const anyTerrain: fc.Arbitrary<Terrain> = fc
  .record({
    addresses: fc.subarray(['10.96.0.1', '10.96.0.2', 'fd00:96::1']),
    sysctls: fc.subarray(['net.ipv4.ip_forward', 'net.ipv4.vs.conntrack']),
    servers: fc.dictionary(
      fc.constantFrom('10.96.0.1 . tcp . 80', '10.96.0.2 . udp . 53'),
      fc.constantFrom('goto cluster', 'goto local', 'goto clusterip'),
    ),
    pods: fc.subarray(['10.244.1.0/24', '10.244.2.0/24']),
  })
  .map(({ addresses, sysctls, servers, pods }) => ({
    interface: 'nodeport0',
    addresses: new Set(addresses.map(ip)),
    sysctls: new Map(sysctls.map((name) => [name, '1'])),
    sets: setsWith({ servers4: servers, pods4: Object.fromEntries(pods.map((it) => [it, ''])) }),
  }))

describe('steps', () => {
  test('lead from any terrain to any other, and then there are none', () => {
    fc.assert(
      fc.property(fc.array(anyTerrain, { minLength: 1 }), (terrains) => {
        const ground = new ModelGround()
        let held = untouched
        for (const wanted of terrains) {
          const steps = stepsOn(ground, held, wanted)
          for (const step of [...steps.first, ...steps.last]) ground.perform(step)
          held = heldAfter(held, steps)
          expect([...(ground.interfaces.get('nodeport0') ?? [])].sort()).toEqual(
            [...wanted.addresses].sort(),
          )
          expect(ground.sets).toEqual(wanted.sets)
          for (const [name, value] of wanted.sysctls) expect(ground.sysctls.get(name)).toBe(value)
          expect(stepsOn(ground, held, wanted)).toEqual({ first: [], last: [] })
        }
      }),
    )
  })

  test('take nothing away before the table has changed', () => {
    fc.assert(
      fc.property(anyTerrain, anyTerrain, (before, after) => {
        const ground = new ModelGround()
        const steps = stepsOn(ground, untouched, before)
        for (const step of steps.first) ground.perform(step)
        for (const step of stepsOn(ground, untouched, after).first) ground.perform(step)
        const has = ground.interfaces.get('nodeport0') ?? new Set()
        expect([...before.addresses].every((address) => has.has(address))).toBe(true)
        expect(
          [...before.sets.servers4.keys()].every((key) => ground.sets?.servers4.has(key)),
        ).toBe(true)
      }),
    )
  })

  test('away from any terrain leave the machine as it was', () => {
    fc.assert(
      fc.property(fc.array(anyTerrain), (terrains) => {
        const ground = new ModelGround()
        const before = ground.copy()
        let held = untouched
        for (const wanted of [...terrains, undefined]) {
          const steps = stepsOn(ground, held, wanted)
          for (const step of [...steps.first, ...steps.last]) ground.perform(step)
          held = heldAfter(held, steps)
        }
        expect(ground).toEqual(before)
        expect(held).toEqual(untouched)
      }),
    )
  })

  test('do not put back a setting that somebody else has changed since', () => {
    const ground = new ModelGround({}, { 'net.ipv4.vs.conntrack': '2' })
    const held = { ...untouched, sysctls: { 'net.ipv4.vs.conntrack': { was: '0', now: '1' } } }
    expect(stepsOn(ground, held, undefined)).toEqual({ first: [], last: [] })
  })

  test('leave alone what this kernel does not have', () => {
    const live: LiveTerrain = { ...new ModelGround().look('nodeport0', []), sysctls: new Map() }
    const wanted = { ...nothing(), sysctls: new Map([['net.ipv4.vs.conntrack', '1']]) }
    const { first } = stepsFor({
      wanted,
      live,
      held: untouched,
      segments: [],
      ours: new Set(),
      left: undefined,
    })
    expect(first.map(({ kind }) => kind)).toEqual(['rules', 'interface'])
  })

  test('write rules again that somebody has changed', () => {
    const wanted = { ...nothing(), sets: setsWith({ guarded4: { '10.96.0.1': '' } }) }
    const live: LiveTerrain = {
      ...new ModelGround().look('nodeport0', []),
      rules: { by: 'nftables', sets: wanted.sets, isIntact: false },
    }
    const { first } = stepsFor({
      wanted,
      live,
      held: untouched,
      segments: [],
      ours: new Set(),
      left: undefined,
    })
    expect(first).toContainEqual({
      ...{ kind: 'rules', verb: 'load', by: 'nftables' },
      text: printTableText(wanted.sets),
    })
  })
})

describe('for people', () => {
  const wanted: Terrain = {
    interface: 'nodeport0',
    addresses: new Set([ip('10.96.0.1'), ip('fd00:96::1')]),
    sysctls: new Map([['net.ipv4.ip_forward', '1']]),
    sets: setsWith({ servers4: { '10.96.0.1 . tcp . 80': 'goto clusterip' } }),
  }

  test('steps are commands that they could type', () => {
    const { first } = stepsOn(new ModelGround(), untouched, wanted)
    const commands = printCommands(first)
    expect(commands.split('\n').filter((line) => /^(sysctl|ip|nft) /.test(line))).toEqual([
      'sysctl -w net.ipv4.ip_forward=1',
      "nft -f - <<'EOF'",
      'ip link add nodeport0 type dummy',
      'ip address add 10.96.0.1/32 dev nodeport0',
      'ip address add fd00:96::1/128 dev nodeport0',
    ])
    expect(commands).toContain(
      'add element inet nodeport servers4 { 10.96.0.1 . tcp . 80 : goto clusterip }\n',
    )
  })

  test('or one line each', () => {
    const ground = new ModelGround()
    const { first } = stepsOn(ground, untouched, wanted)
    for (const step of first) ground.perform(step)
    const other = {
      ...wanted,
      addresses: new Set([ip('10.96.0.1')]),
      sysctls: new Map(),
      sets: setsWith({ servers4: { '10.96.0.1 . tcp . 80': 'goto local' } }),
    }
    const held = heldAfter(untouched, { first, last: [] })
    const steps = stepsOn(ground, held, other)
    expect([...linesOf(first), ...linesOf(steps.first), ...linesOf(steps.last)]).toEqual([
      { sign: '~', text: 'sysctl net.ipv4.ip_forward=1 (now 0)' },
      { sign: '+', text: 'rules of nftables' },
      { sign: '+', text: 'interface nodeport0' },
      { sign: '+', text: 'address 10.96.0.1/32 on nodeport0' },
      { sign: '+', text: 'address fd00:96::1/128 on nodeport0' },
      { sign: '-', text: 'nftables servers4 10.96.0.1 . tcp . 80' },
      { sign: '+', text: 'nftables servers4 10.96.0.1 . tcp . 80 : goto local' },
      { sign: '-', text: 'address fd00:96::1/128 on nodeport0' },
      { sign: '~', text: 'sysctl net.ipv4.ip_forward=0 (now 1)' },
    ])
  })
})

function stepsOn(ground: ModelGround, held: HeldTerrain, wanted: Terrain | undefined): Steps {
  const names = ['net.ipv4.ip_forward', 'net.ipv4.vs.conntrack']
  const live = ground.look('nodeport0', names)
  return stepsFor({ wanted, live, held, segments: [], ours: new Set(), left: undefined })
}

function nothing(): Terrain {
  return {
    interface: 'nodeport0',
    addresses: new Set(),
    sysctls: new Map(),
    sets: emptySets(),
  }
}

type Parts = Partial<Record<keyof Sets, Readonly<Record<string, string>>>>

function setsWith(parts: Parts): Sets {
  const sets = emptySets()
  for (const name of setNames) {
    for (const [key, leadsTo] of Object.entries(parts[name] ?? {})) sets[name].set(key, leadsTo)
  }
  return sets
}
