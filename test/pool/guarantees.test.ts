import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parseIP } from '../../src/address/ip.ts'
import type { PortRange } from '../../src/address/port.ts'
import type { Fields } from '../../src/manifest/document.ts'
import { nameOf } from '../../src/object/metadata.ts'
import type { Service, ServiceSpec } from '../../src/object/service.ts'
import type { PoolOptions } from '../../src/pool/allocate.ts'
import type { Granted } from '../../src/pool/grant.ts'
import { nodePortsOf } from '../../src/pool/node-ports.ts'
import { allocateAll, type Held, nothingHeld, poolsWith, service } from './services.ts'

// A small world, so that collisions and full ranges are the rule: 40 node ports, 16 of them static,
// a few addresses of either family.
const options = poolsWith({
  nodePorts: { first: 30000, last: 30039 },
  reservedNodePorts: [{ first: 30030, last: 30031 }],
  serviceCIDRs: ['10.0.0.0/27', 'fd00::/123'],
})

const port = fc.record({
  port: fc.integer({ min: 1, max: 3 }),
  protocol: fc.constantFrom('TCP', 'UDP'),
  nodePort: fc.oneof(
    { weight: 3, arbitrary: fc.constant(0) },
    fc.integer({ min: 29999, max: 30040 }),
  ),
})

const ports = fc
  .uniqueArray(port, { maxLength: 4, selector: (it) => `${it.port}/${it.protocol}` })
  .map((list) => list.map((it, index) => ({ ...it, name: `p${index}` })))

const address = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  fc.integer({ min: 0, max: 32 }).map((host) => ({ clusterIP: `10.0.0.${host}` })),
  fc.constantFrom({ ipFamilyPolicy: 'PreferDualStack' }, { ipFamilies: ['IPv6'] }),
)

const spec: fc.Arbitrary<Fields> = fc
  .record({
    type: fc.constantFrom('ClusterIP', 'NodePort', 'NodePort', 'LoadBalancer', 'ExternalName'),
    ports,
    address,
    externalTrafficPolicy: fc.constantFrom('Cluster', 'Local'),
    healthCheckNodePort: fc.constantFrom(0, 0, 30001, 30020),
  })
  .map(({ type, address, ports, ...balanced }) => {
    if (type === 'ExternalName') return { type, ports: ports.map(withoutNodePort) }
    if (type === 'ClusterIP') return { type, ports: ports.map(withoutNodePort), ...address }
    return { type, ports, ...address, ...(type === 'LoadBalancer' && balanced) }
  })

const named = fc.constantFrom(...'abcdefghijklmnopqrst')

const services: fc.Arbitrary<Service[]> = fc
  .uniqueArray(fc.tuple(named, spec), { maxLength: 20, selector: ([name]) => name })
  .map((list) => list.map(([name, it]) => service(name, it)))

/** A ledger, as an earlier run has left it. */
const ledger: fc.Arbitrary<Held> = services.map(
  (list) => allocateAll(list, nothingHeld, options).held,
)

const automatic = services.map((list) => list.map(withoutWishes))

describe('for all Services', () => {
  test('no two grants share a number', () => {
    fc.assert(
      fc.property(services, ledger, (list, held) => {
        const { granted } = allocateAll(list, held, options)
        const here = new Set(list.map(nameOf))
        const others = [...held].filter(([name]) => !here.has(name)).map(([, it]) => it)
        const all = [...granted.map((it) => it.spec), ...others].flatMap(numbersOf)
        return new Set(all).size === all.length
      }),
    )
  })

  test('each grant has every number that its type has', () => {
    fc.assert(
      fc.property(services, ledger, (list, held) => {
        const { granted } = allocateAll(list, held, options)
        return granted.every(({ spec: it }) => {
          const addresses = it.type === 'ExternalName' ? 0 : (it.ipFamilies?.length ?? -1)
          const complete = it.type === 'NodePort' ? it.ports.every((p) => p.nodePort > 0) : true
          return complete && (it.clusterIPs ?? []).length === addresses
        })
      }),
    )
  })

  test('each is granted or complained about, and never both', () => {
    fc.assert(
      fc.property(services, ledger, (list, held) => {
        return list.every((it) => {
          const { granted, diagnostics } = allocateAll([it], held, options)
          return granted.length === 1 ? diagnostics.length === 0 : diagnostics.length > 0
        })
      }),
    )
  })

  test('every possible wish is granted as wished', () => {
    fc.assert(
      fc.property(services, (list) => {
        const { granted } = allocateAll(list, nothingHeld, options)
        const got = new Map(granted.map((it) => [it.name, it]))
        const first = firstWishes(list)
        return list.every((it) => {
          const wishes = wishesOf(it)
          const possible = wishes.every((wish) => first.get(wish) === it.name && isPossible(wish))
          const grant = got.get(it.name)
          if (grant === undefined) return true
          return possible && wishes.every((wish) => numbersOf(grant.spec).includes(wish))
        })
      }),
    )
  })

  test('only a wish that is taken or out of range, or a full range, is refused', () => {
    fc.assert(
      fc.property(services, (list) => {
        const { granted, diagnostics } = allocateAll(list, nothingHeld, options)
        const full = diagnostics.some(({ code }) => code.endsWith('-full'))
        const first = firstWishes(list)
        const got = new Set(granted.map(({ name }) => name))
        return list.every((it) => {
          const possible = wishesOf(it).every(
            (wish) => first.get(wish) === it.name && isPossible(wish),
          )
          return !possible || full || got.has(it.name) || repeatsItself(it)
        })
      }),
    )
  })

  test('their order makes no difference', () => {
    const shuffled = services.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    )
    fc.assert(
      fc.property(shuffled, ledger, ([list, other], held) => {
        const one = allocateAll(list, held, options)
        const two = allocateAll(other, held, options)
        expect(byName(two.granted)).toEqual(byName(one.granted))
        expect(two.diagnostics.map(worded)).toEqual(one.diagnostics.map(worded))
      }),
    )
  })

  test('neither does that of Services with one name', () => {
    const twins = fc.array(
      spec.map((it) => service('twin', it)),
      { maxLength: 4 },
    )
    fc.assert(
      fc.property(twins, ledger, (list, held) => {
        const one = allocateAll(list, held, options)
        const two = allocateAll([...list].reverse(), held, options)
        expect(two.diagnostics.map(worded)).toEqual(one.diagnostics.map(worded))
        expect(new Set(two.granted.map((it) => JSON.stringify(it)))).toEqual(
          new Set(one.granted.map((it) => JSON.stringify(it))),
        )
      }),
    )
  })

  test('doing it again changes nothing', () => {
    fc.assert(
      fc.property(services, ledger, (list, held) => {
        const { granted } = allocateAll(list, held, options)
        const names = new Set(granted.map(({ name }) => name))
        const able = list.filter(({ name }) => names.has(name))
        const once = allocateAll(able, held, options)
        fc.pre(once.diagnostics.length === 0)
        const again = allocateAll(able, once.held, options)
        expect(again.granted).toEqual(once.granted)
        expect(again.diagnostics).toEqual([])
      }),
    )
  })
})

describe('what the ledger holds never moves', () => {
  test('whoever joins, whatever they wish for', () => {
    fc.assert(
      fc.property(services, services, (list, joining) => {
        const { granted, held } = allocateAll(list, nothingHeld, options)
        const names = new Set(list.map(({ name }) => name))
        const others = joining.filter(({ name }) => !names.has(name))
        const kept = list.filter(({ name }) => held.has(`default/${name}`))
        const after = allocateAll([...others, ...kept], held, options)
        const stayed = after.granted.filter(({ name }) => names.has(name))
        expect(byName(stayed)).toEqual(byName(granted))
      }),
    )
  })

  test('also that of Services which are not here', () => {
    fc.assert(
      fc.property(services, ledger, (list, held) => {
        const here = new Set(list.map(nameOf))
        const away = [...held]
          .filter(([name]) => !here.has(name))
          .flatMap(([, it]) => numbersOf(it))
        const { granted } = allocateAll(list, held, options)
        return granted.every((it) => numbersOf(it.spec).every((number) => !away.includes(number)))
      }),
    )
  })

  test('a wish for it is refused, and nothing else is', () => {
    fc.assert(
      fc.property(ledger, fc.integer({ min: 30000, max: 30039 }), (held, nodePort) => {
        const ports = [{ port: 80, nodePort }]
        const { diagnostics } = allocateAll(
          [service('zeta', { type: 'NodePort', ports, clusterIP: 'None' })].map(headful),
          held,
          options,
        )
        const all = [...held.values()].flatMap(nodePortsOf)
        const codes = diagnostics.map(({ code }) => code).filter((it) => it.startsWith('node'))
        return codes.includes('node-port-taken') === all.includes(nodePort)
      }),
    )
  })
})

describe('without a ledger, a Service that joins', () => {
  const joined = fc
    .tuple(automatic, spec, named)
    .map(([list, it, name]) => ({ list, joining: service(name, it) }))
    .filter(({ list, joining }) => list.every(({ name }) => name !== joining.name))

  test('moves nobody if its numbers were free', () => {
    fc.assert(
      fc.property(joined, ({ list, joining }) => {
        const before = allocateAll(list, nothingHeld, options)
        const after = allocateAll([...list, joining], nothingHeld, options)
        const own = after.granted.find(({ name }) => name === joining.name)
        const used = new Set(before.granted.flatMap((it) => numbersOf(it.spec)))
        fc.pre(own !== undefined && numbersOf(own.spec).every((number) => !used.has(number)))
        const others = after.granted.filter((it) => it !== own)
        expect(byName(others)).toEqual(byName(before.granted))
      }),
    )
  })

  test('moves nobody who comes before it by name, unless it wishes for what is theirs', () => {
    fc.assert(
      fc.property(joined, ({ list, joining }) => {
        const before = allocateAll(list, nothingHeld, options)
        const used = new Set(before.granted.flatMap((it) => numbersOf(it.spec)))
        fc.pre(wishesOf(joining).every((wish) => !used.has(wish)))
        const after = allocateAll([joining, ...list], nothingHeld, options)
        const earlier = ({ granted }: { readonly granted: readonly Granted[] }) =>
          byName(granted.filter(({ name }) => name < joining.name))
        expect(earlier(after)).toEqual(earlier(before))
      }),
    )
  })

  test('takes no number from a wish, only from those who wished for it later by name', () => {
    fc.assert(
      fc.property(services, spec, named, (list, it, name) => {
        fc.pre(list.every((other) => other.name !== name))
        const before = allocateAll(list, nothingHeld, options)
        const joining = service(name, it)
        const after = allocateAll([...list, joining], nothingHeld, options)
        const wishes = new Set(wishesOf(joining))
        const wished = list.filter((other) => {
          const own = wishesOf(other)
          return own.length > 0 && own.every((wish) => !wishes.has(wish) || other.name < name)
        })
        const kept = new Map(after.granted.map((other) => [other.name, other]))
        return wished.every((other) => {
          const was = before.granted.find((grant) => grant.name === other.name)
          const is = kept.get(other.name)
          if (was === undefined || is === undefined) return true
          return wishesOf(other).every((wish) => numbersOf(is.spec).includes(wish))
        })
      }),
    )
  })
})

test('automatic numbers come from the dynamic band while it has any', () => {
  fc.assert(
    fc.property(automatic, (list) => {
      const { granted } = allocateAll(list, nothingHeld, options)
      const drawn = granted.flatMap(({ spec: it }) => nodePortsOf(it))
      const low = drawn.filter((number) => number < 30016)
      const high = new Set(drawn.filter((number) => number >= 30016))
      return low.length === 0 || high.size === 22
    }),
  )
})

test('no spec and no ledger whatsoever makes it throw', () => {
  const text = fc.oneof(
    fc.string({ maxLength: 8 }),
    fc.constantFrom(
      'None',
      '10.0.0.5',
      'fd00::5',
      'IPv4',
      'IPv6',
      'SingleStack',
      'PreferDualStack',
    ),
  )
  const number = fc.oneof(fc.integer(), fc.constantFrom(0, -1, 30001, 65536))
  const anyPort = fc.record({ name: text, protocol: text, port: number, nodePort: number })
  const anySpec = fc
    .record(
      {
        type: fc.oneof(
          text,
          fc.constantFrom('ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'),
        ),
        ports: fc.array(anyPort, { maxLength: 3 }),
        sessionAffinity: fc.constant('None'),
        clusterIP: text,
        clusterIPs: fc.array(text, { maxLength: 3 }),
        ipFamilies: fc.array(text, { maxLength: 3 }),
        ipFamilyPolicy: text,
        healthCheckNodePort: number,
        externalTrafficPolicy: text,
        loadBalancerClass: text,
        allocateLoadBalancerNodePorts: fc.boolean(),
        selector: fc.dictionary(text, text, { maxKeys: 2 }),
      },
      { requiredKeys: ['type', 'ports', 'sessionAffinity'] },
    )
    .map((it) => it as unknown as ServiceSpec)
  const anyService = fc
    .tuple(text, anySpec)
    .map(([name, it]): Service => ({ ...service(name, {}), spec: it }))
  const range: fc.Arbitrary<PortRange> = fc.record({
    first: fc.integer({ min: 0, max: 65535 }),
    last: fc.integer({ min: 0, max: 65535 }),
  })
  const anyOptions: fc.Arbitrary<PoolOptions> = fc.record({
    nodePorts: range,
    reservedNodePorts: fc.array(range, { maxLength: 2 }),
    serviceCIDRs: fc.constantFrom(
      options.serviceCIDRs,
      [],
      ...['10.0.0.0/32', '::/0', '0.0.0.0/0'].map(
        (cidr) => poolsWith({ serviceCIDRs: [cidr] }).serviceCIDRs,
      ),
    ),
  })
  fc.assert(
    fc.property(
      fc.array(anyService, { maxLength: 5 }),
      fc.array(fc.tuple(text, anySpec), { maxLength: 5 }),
      anyOptions,
      (list, held, pools) => {
        const ledgerOf = held.map(([name, it]) => [`default/${name}`, it] as const)
        allocateAll(list, new Map(ledgerOf), pools)
      },
    ),
  )
})

/** Each number that a Service has, once: TCP and UDP of one port may share theirs. */
function numbersOf(it: ServiceSpec): (number | string)[] {
  const addresses = (it.clusterIPs ?? []).filter((text) => text !== 'None')
  return [...new Set(nodePortsOf(it)), ...addresses]
}

function wishesOf({ spec: it }: Service): (number | string)[] {
  return numbersOf({ ...it, clusterIPs: it.clusterIP === undefined ? [] : [it.clusterIP] })
}

/** Who comes first by name among those who wish for a number. */
function firstWishes(list: readonly Service[]): Map<number | string, string> {
  const first = new Map<number | string, string>()
  for (const it of [...list].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    for (const wish of wishesOf(it)) if (!first.has(wish)) first.set(wish, it.name)
  }
  return first
}

function isPossible(wish: number | string): boolean {
  if (typeof wish === 'number') return wish >= 30000 && wish <= 30039
  const host = Number(wish.split('.')[3])
  return parseIP(wish) !== undefined && host >= 2 && host <= 30
}

/** A Service can stand in its own way: with two ports, or a port and its health check. */
function repeatsItself({ spec: it }: Service): boolean {
  const wishes = it.ports.filter(({ nodePort }) => nodePort !== 0)
  const numbers = nodePortsOf({ ...it, ports: wishes })
  return new Set(numbers).size < numbers.length
}

function withoutNodePort<T extends object>(it: T): T {
  return { ...it, nodePort: 0 }
}

function withoutWishes({ name, spec: it }: Service): Service {
  const { clusterIP: _, healthCheckNodePort: __, ...rest } = it
  return service(name, { ...rest, ports: it.ports.map(withoutNodePort) })
}

function headful(it: Service): Service {
  const { clusterIP: _, ...rest } = it.spec
  return { ...it, spec: rest }
}

function byName(list: readonly Granted[]): Granted[] {
  return [...list].sort((a, b) => (a.name < b.name ? -1 : 1))
}

function worded({ code, message, help }: { code: string; message: string; help?: unknown }) {
  return { code, message, help }
}
