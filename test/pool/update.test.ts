import { describe, expect, test } from '@jest/globals'
import type { Fields } from '../../src/manifest/document.ts'
import { allocateAll, messagesOf, poolsWith, portsIn, printPorts, service } from './services.ts'

const taken = 'provided port is already allocated'

describe('node ports on update', () => {
  test.each([
    [
      'stay with their names when the ports change places',
      'p 80/TCP:30093, q 81/TCP:30076',
      'q 81/TCP, p 80/TCP',
      'q 81/TCP:30076, p 80/TCP:30093',
    ],
    ['stay when port and protocol change', 'p 80/TCP:30093', 'p 81/UDP', 'p 81/UDP:30093'],
    [
      'stay where one of them is repeated',
      'p 80/TCP:30093, q 81/TCP:30076',
      'p 80/TCP:30093, q 81/TCP',
      'p 80/TCP:30093, q 81/TCP:30076',
    ],
    ['move at a wish', 'p 80/TCP:30093', 'p 80/TCP:30094', 'p 80/TCP:30094'],
    [
      'may be one for two protocols of two ports',
      'p 80/TCP:30001',
      'p 93/TCP:30093, q 76/UDP:30093',
      'p 93/TCP:30093, q 76/UDP:30093',
    ],
    [
      'change places at a wish',
      'p 80/TCP:30093, q 81/TCP:30076',
      'p 80/TCP:30076, q 81/TCP:30093',
      'p 80/TCP:30076, q 81/TCP:30093',
    ],
  ])('%s', (_, before, after, expected) => {
    const { granted, diagnostics } = updated(nodePort(before), nodePort(after))
    expect(diagnostics).toEqual([])
    expect(granted.map(printPorts)).toEqual([expected])
  })

  test('who loses a number to a sibling draws another', () => {
    const { granted } = updated(
      nodePort('p 80/TCP:30093, q 81/TCP:30076'),
      nodePort('p 80/TCP:30076, q 81/TCP'),
    )
    const [p, q] = granted[0]?.spec.ports ?? []
    expect(p?.nodePort).toBe(30076)
    expect([0, 30076, 30093]).not.toContain(q?.nodePort)
  })

  test('a new name draws a new number', () => {
    const { granted, held } = updated(nodePort('p 80/TCP:30093'), nodePort('r 80/TCP'))
    expect([0, 30093]).not.toContain(granted[0]?.spec.ports[0]?.nodePort)
    const next = service('other', nodePort('p 80/TCP:30093'))
    expect(allocateAll([next], held).diagnostics).toEqual([])
  })

  test('a protocol that is added later does not share', () => {
    const { granted } = updated(nodePort('p 53/TCP:30053'), nodePort('p 53/TCP, q 53/UDP'))
    const [tcp, udp] = granted[0]?.spec.ports ?? []
    expect(tcp?.nodePort).toBe(30053)
    expect(udp?.nodePort).toBeGreaterThan(30085)
  })

  test('one protocol cannot have one number twice', () => {
    const result = updated(nodePort('p 80/TCP'), nodePort('p 80/TCP:30080, q 81/TCP:30080'))
    expect(messagesOf(result)).toEqual(['duplicate nodePort: {TCP 30080}'])
  })

  test('what the ledger holds for others is taken', () => {
    const { held } = allocateAll([service('other', nodePort('80/TCP:30080'))])
    const result = allocateAll([service('web', nodePort('80/TCP:30080'))], held)
    expect(messagesOf(result)).toEqual([`spec.ports[0].nodePort: Invalid value: 30080: ${taken}`])
  })

  test('two Services can change numbers with each other', () => {
    const { held } = allocateAll([
      service('a', nodePort('80/TCP:30001')),
      service('b', nodePort('80/TCP:30002')),
    ])
    const { granted } = allocateAll(
      [service('a', nodePort('80/TCP:30002')), service('b', nodePort('80/TCP:30001'))],
      held,
    )
    expect(granted.map(printPorts)).toEqual(['p0 80/TCP:30002', 'p0 80/TCP:30001'])
  })

  test('a number outside the range stays with who has it', () => {
    const { held } = allocateAll([service('web', nodePort('80/TCP:30080'))])
    const options = poolsWith({ nodePorts: { first: 20000, last: 20100 } })
    const { granted } = allocateAll([service('web', nodePort('80/TCP:30080'))], held, options)
    expect(granted.map(printPorts)).toEqual(['p0 80/TCP:30080'])
  })

  test('a load balancer without automatic node ports lets go of what is left out', () => {
    const before = balancer('80/TCP:30080', { allocateLoadBalancerNodePorts: false })
    const after = balancer('80/TCP', { allocateLoadBalancerNodePorts: false })
    expect(updated(before, after).granted.map(printPorts)).toEqual(['p0 80/TCP:0'])
    expect(updated(balancer('80/TCP:30080'), after).granted.map(printPorts)).toEqual([
      'p0 80/TCP:0',
    ])
    expect(updated(before, balancer('80/TCP')).granted.map(printPorts)).not.toEqual([
      'p0 80/TCP:30080',
    ])
  })

  test('a load balancer with them keeps it', () => {
    const { granted } = updated(balancer('80/TCP:30080'), balancer('80/TCP'))
    expect(granted.map(printPorts)).toEqual(['p0 80/TCP:30080'])
  })
})

describe('the health check node port on update', () => {
  const local = { externalTrafficPolicy: 'Local' }
  const before = balancer('p 80/TCP:30093', { ...local, healthCheckNodePort: 30118 })

  test('stays', () => {
    const { granted } = updated(before, balancer('p 80/TCP', local))
    expect(granted[0]?.spec.healthCheckNodePort).toBe(30118)
  })

  test('cannot change', () => {
    const after = balancer('p 80/TCP', { ...local, healthCheckNodePort: 30111 })
    expect(messagesOf(updated(before, after))).toEqual([
      'spec.healthCheckNodePort: Forbidden: field is immutable',
    ])
  })

  test('is not for a port of the same Service', () => {
    const after = balancer('p 80/TCP:30076, q 81/TCP:30118', local)
    expect(messagesOf(updated(before, after))).toEqual([
      `spec.ports[1].nodePort: Invalid value: 30118: ${taken}`,
    ])
  })

  test('is free when the policy changes', () => {
    const { granted, held } = updated(before, balancer('p 80/TCP', {}))
    expect(granted[0]?.spec).not.toHaveProperty('healthCheckNodePort')
    expect(allocateAll([service('other', nodePort('80/TCP:30118'))], held).diagnostics).toEqual([])
  })

  test('is drawn when the policy changes', () => {
    const { granted } = updated(balancer('p 80/TCP'), balancer('p 80/TCP', local))
    expect(granted[0]?.spec.healthCheckNodePort).toBeGreaterThan(30085)
  })
})

describe('the type may change', () => {
  const types = ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName']
  const pairs = types.flatMap((from) => types.map((to) => [from, to] as const))

  test.each(pairs)('from %s to %s', (from, to) => {
    const ports = portsIn('p 80/TCP')
    const { held } = allocateAll([service('web', { type: from, ports })])
    const result = allocateAll([service('web', { type: to, ports })], held)
    expect(result.diagnostics).toEqual([])
    const [was, is] = [held.get('default/web'), result.granted[0]?.spec]
    const number = is?.ports[0]?.nodePort
    if (to === 'ExternalName') expect(is).not.toHaveProperty('clusterIPs')
    else if (from === 'ExternalName') expect(is?.clusterIPs?.length).toBe(1)
    else expect(is?.clusterIPs).toEqual(was?.clusterIPs)
    if (to === 'ClusterIP' || to === 'ExternalName') expect(number).toBe(0)
    else if (from === 'NodePort' || from === 'LoadBalancer') {
      expect(number).toBe(was?.ports[0]?.nodePort)
    } else expect(number).toBeGreaterThan(30085)
  })

  test.each([
    ['headless', 'ExternalName', { clusterIP: 'None' }, { type: 'ExternalName' }],
    ['ExternalName', 'headless', { type: 'ExternalName' }, { clusterIP: 'None' }],
  ])('from %s to %s', (_, __, before, after) => {
    expect(updated(before, after).diagnostics).toEqual([])
  })

  test('a number that was given up is free for a wish', () => {
    const held = updated(nodePort('80/TCP:30080'), { ports: portsIn('80/TCP') }).held
    const other = service('other', nodePort('80/TCP:30080'))
    expect(allocateAll([other], held).diagnostics).toEqual([])
  })

  test.each<[string, Fields, Fields, string]>([
    [
      'headless to NodePort',
      { clusterIP: 'None' },
      { type: 'NodePort' },
      'spec.clusterIPs[0]: Invalid value: "None": may not be set to \'None\' for NodePort services',
    ],
    [
      'headless to LoadBalancer',
      { clusterIP: 'None' },
      { type: 'LoadBalancer' },
      'spec.clusterIPs[0]: Invalid value: "None": may not be set to \'None\' for LoadBalancer services',
    ],
    [
      'headless to an address',
      { clusterIP: 'None' },
      { clusterIP: '10.96.7.7' },
      'spec.clusterIPs[0]: Invalid value: ["10.96.7.7"]: may not change once set',
    ],
    [
      'NodePort to headless',
      nodePort('80/TCP'),
      { clusterIP: 'None' },
      'spec.clusterIPs[0]: Invalid value: ["None"]: may not change once set',
    ],
    [
      'one address to another',
      { clusterIP: '10.96.7.7' },
      { clusterIP: '10.96.7.8' },
      'spec.clusterIPs[0]: Invalid value: ["10.96.7.8"]: may not change once set',
    ],
    [
      'one class of load balancer to another',
      balancer('80/TCP', { loadBalancerClass: 'example.com/a' }),
      balancer('80/TCP', { loadBalancerClass: 'example.com/b' }),
      'spec.loadBalancerClass: Invalid value: "example.com/b": may not change once set',
    ],
    [
      'a class of load balancer to none',
      balancer('80/TCP', { loadBalancerClass: 'example.com/a' }),
      balancer('80/TCP'),
      'spec.loadBalancerClass: Invalid value: null: may not change once set',
    ],
  ])('but not from %s', (_, before, after, message) => {
    expect(messagesOf(updated(before, after))).toEqual([message])
  })

  test('a class of load balancer may come and go with the type', () => {
    const lb = balancer('p 80/TCP', { loadBalancerClass: 'example.com/a' })
    expect(updated(lb, nodePort('p 80/TCP')).diagnostics).toEqual([])
    expect(updated(nodePort('p 80/TCP'), lb).diagnostics).toEqual([])
  })
})

describe('addresses on update', () => {
  const dual = {
    clusterIP: '10.96.7.7',
    clusterIPs: ['10.96.7.7', 'fd00::7'],
    ipFamilyPolicy: 'PreferDualStack',
  }
  const options = poolsWith({ serviceCIDRs: ['10.96.0.0/12', 'fd00::/112'] })

  test.each<[string, Fields]>([
    ['both left out', {}],
    ['the list left out', { clusterIP: '10.96.7.7' }],
    ['nothing left out', dual],
  ])('stay: %s', (_, after) => {
    const { held } = allocateAll([service('web', dual)], undefined, options)
    const { granted } = allocateAll([service('web', after)], held, options)
    expect(granted.map(({ spec }) => spec)).toEqual([held.get('default/web')])
  })

  test.each<[string, Fields, string[]]>([
    [
      'the first changes',
      { ...dual, clusterIP: '10.96.7.8', clusterIPs: ['10.96.7.8', 'fd00::7'] },
      ['spec.clusterIPs[0]: Invalid value: ["10.96.7.8","fd00::7"]: may not change once set'],
    ],
    [
      'the second changes',
      { ...dual, clusterIPs: ['10.96.7.7', 'fd00::8'] },
      ['spec.clusterIPs[1]: Invalid value: ["10.96.7.7","fd00::8"]: may not change once set'],
    ],
    [
      'the second is dropped',
      { ...dual, clusterIPs: ['10.96.7.7'] },
      [
        'spec.ipFamilyPolicy: Invalid value: "PreferDualStack": must be \'SingleStack\' to release the secondary cluster IP',
      ],
    ],
    [
      'they change places',
      { clusterIP: 'fd00::7', clusterIPs: ['fd00::7', '10.96.7.7'], ipFamilies: ['IPv6', 'IPv4'] },
      [
        'spec.clusterIPs[0]: Invalid value: ["fd00::7","10.96.7.7"]: may not change once set',
        'spec.ipFamilies[0]: Invalid value: ["IPv6","IPv4"]: may not change once set',
      ],
    ],
  ])('are refused: %s', (_, after, messages) => {
    const { held } = allocateAll([service('web', dual)], undefined, options)
    expect(messagesOf(allocateAll([service('web', after)], held, options))).toEqual(messages)
  })

  test('a second one is granted as wished', () => {
    const { held } = allocateAll([service('web', { clusterIP: '10.96.7.7' })], undefined, options)
    const { granted } = allocateAll([service('web', dual)], held, options)
    expect(granted[0]?.spec.clusterIPs).toEqual(['10.96.7.7', 'fd00::7'])
  })

  test('an address outside the range stays with who has it', () => {
    const { held } = allocateAll([service('web', { clusterIP: '10.96.7.7' })])
    const other = poolsWith({ serviceCIDRs: ['10.0.0.0/24'] })
    const { granted } = allocateAll([service('web', {})], held, other)
    expect(granted[0]?.spec.clusterIP).toBe('10.96.7.7')
  })

  test('not even kubernetes takes one away', () => {
    const { held } = allocateAll([service('web', { clusterIP: '10.96.7.1' })])
    const other = poolsWith({ serviceCIDRs: ['10.96.7.0/24'] })
    const { granted } = allocateAll([service('web', {})], held, other)
    expect(granted[0]?.spec.clusterIP).toBe('10.96.7.1')
  })
})

test('a refused Service keeps what it has', () => {
  const { held } = allocateAll([
    service('web', { ...nodePort('80/TCP:30080'), clusterIP: '10.96.7.7' }),
  ])
  const result = allocateAll(
    [
      service('a', { clusterIP: '10.96.7.7' }),
      service('web', { ...nodePort('80/TCP:30080'), ipFamilies: ['IPv6'] }),
    ],
    held,
  )
  expect(result.granted).toEqual([])
  expect(messagesOf(result)).toEqual([
    'spec.clusterIPs[0]: Invalid value: "10.96.7.7": expected an IPv6 value as indicated by `ipFamilies[0]`',
    'spec.clusterIPs: Invalid value: ["10.96.7.7"]: failed to allocate IP 10.96.7.7: provided IP is already allocated',
  ])
})

test('a ledger that gives one number to two Services gives it to the first', () => {
  const web = allocateAll([service('web', nodePort('80/TCP:30080'))]).held.get('default/web')
  if (web === undefined) throw new Error('not granted')
  const held = new Map([
    ['default/b', web],
    ['default/a', { ...web, clusterIP: '10.96.7.7', clusterIPs: ['10.96.7.7'] }],
  ])
  const result = allocateAll(
    [service('b', nodePort('80/TCP')), service('a', nodePort('80/TCP'))],
    held,
  )
  expect(result.granted.map(({ name }) => name)).toEqual(['a'])
  expect(messagesOf(result)).toEqual([`spec.ports[0].nodePort: Invalid value: 30080: ${taken}`])
})

function updated(before: Fields, after: Fields) {
  return allocateAll([service('web', after)], allocateAll([service('web', before)]).held)
}

function nodePort(ports: string): Fields {
  return { type: 'NodePort', ports: portsIn(ports) }
}

function balancer(ports: string, spec: Fields = {}): Fields {
  return { type: 'LoadBalancer', ...spec, ports: portsIn(ports) }
}
