import { describe, expect, test } from '@jest/globals'
import { plain, renderDiagnostic } from '../../src/diagnostic/frame.ts'
import {
  allocateAll,
  messagesOf,
  nothingHeld,
  poolsWith,
  portsIn,
  printPorts,
  service,
  servicesIn,
} from './services.ts'

const taken = 'provided port is already allocated'
const outside = 'provided port is not in the valid range. The range of valid ports is 30000-32767'

describe('node ports on create', () => {
  test.each([
    ['a wish is granted', '80/TCP:30080', 'p0 80/TCP:30080'],
    [
      'TCP and UDP of one port share one number',
      '53/TCP:30053, 53/UDP:30053',
      'p0 53/TCP:30053, p1 53/UDP:30053',
    ],
    [
      'who wishes for none shares that of the same port',
      '53/TCP, 53/UDP:30053',
      'p0 53/TCP:30053, p1 53/UDP:30053',
    ],
    [
      'one port may have two numbers',
      '53/TCP:30053, 53/UDP:30054',
      'p0 53/TCP:30053, p1 53/UDP:30054',
    ],
    [
      'the third of one port shares the first number',
      '53/TCP:30053, 53/UDP:30054, 53/SCTP',
      'p0 53/TCP:30053, p1 53/UDP:30054, p2 53/SCTP:30053',
    ],
  ])('%s', (_, ports, expected) => {
    expect(created('NodePort', ports)).toEqual([expected])
  })

  test('two protocols of one port draw one number', () => {
    const [tcp, udp] = numbersOf('NodePort', '53/TCP, 53/UDP')
    expect(tcp).toBe(udp)
  })

  test('two ports draw two numbers', () => {
    const [http, https] = numbersOf('NodePort', '80/TCP, 443/TCP')
    expect(http).not.toBe(https)
  })

  test('an automatic number is in the dynamic band', () => {
    const [number = 0] = numbersOf('NodePort', '80/TCP')
    expect(number).toBeGreaterThanOrEqual(30086)
    expect(number).toBeLessThanOrEqual(32767)
  })

  test('an automatic number makes way for a wish', () => {
    const [number = 0] = numbersOf('NodePort', '80/TCP')
    const wish = service('wish', { type: 'NodePort', ports: portsIn(`80/TCP:${number}`) })
    const web = service('web', { type: 'NodePort', ports: portsIn('80/TCP') })
    const { granted } = allocateAll([web, wish])
    expect(granted.map(printPorts)).toEqual([`p0 80/TCP:${number + 1}`, `p0 80/TCP:${number}`])
  })

  test.each([
    ['two ports', '80/TCP:30080, 443/TCP:30080', `[1].nodePort: Invalid value: 30080: ${taken}`],
    ['two protocols', '93/TCP:30093, 76/UDP:30093', `[1].nodePort: Invalid value: 30093: ${taken}`],
    [
      'a third that shares the second',
      '53/TCP:30053, 53/UDP:30054, 53/SCTP:30054',
      `[2].nodePort: Invalid value: 30054: ${taken}`,
    ],
    ['a number below the range', '80/TCP:29999', `[0].nodePort: Invalid value: 29999: ${outside}`],
    ['a number above the range', '80/TCP:32768', `[0].nodePort: Invalid value: 32768: ${outside}`],
    ['a negative number', '80/TCP:-1', `[0].nodePort: Invalid value: -1: ${outside}`],
    [
      'the first of one port, whoever of them wrote the number',
      '53/TCP, 53/UDP:80',
      `[0].nodePort: Invalid value: 80: ${outside}`,
    ],
  ])('refused: %s', (_, ports, message) => {
    expect(created('NodePort', ports)).toEqual([`spec.ports${message}`])
  })

  test.each([
    ['ClusterIP', '80/TCP:30080', 'p0 80/TCP:0'],
    ['ExternalName', '80/TCP:80', 'p0 80/TCP:80'],
  ])('a number in a Service of type %s reserves nothing', (type, ports, expected) => {
    const other = service('zeta', { type: 'NodePort', ports: portsIn('80/TCP:30080') })
    const { granted, diagnostics } = allocateAll([
      service('web', { type, ports: portsIn(ports) }),
      other,
    ])
    expect(diagnostics).toEqual([])
    expect(granted.map(printPorts)).toEqual([expected, 'p0 80/TCP:30080'])
  })

  test('a load balancer may do without', () => {
    const spec = { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false }
    const lone = service('web', { ...spec, ports: portsIn('80/TCP') })
    expect(allocateAll([lone]).granted.map(printPorts)).toEqual(['p0 80/TCP:0'])

    const wishing = service('web', { ...spec, ports: portsIn('80/TCP, 443/TCP:30443') })
    const other = service('zeta', { type: 'NodePort', ports: portsIn('80/TCP:30443') })
    const both = allocateAll([wishing, other])
    expect(both.granted.map(printPorts)).toEqual(['p0 80/TCP:0, p1 443/TCP:30443'])
    expect(messagesOf(both)).toEqual([`spec.ports[0].nodePort: Invalid value: 30443: ${taken}`])
  })

  test('a reserved number is only for those who wish for it', () => {
    const options = poolsWith({
      nodePorts: { first: 30000, last: 30003 },
      reservedNodePorts: [{ first: 29000, last: 30002 }],
    })
    const lone = service('a', { type: 'NodePort', ports: portsIn('80/TCP') })
    const next = service('b', { type: 'NodePort', ports: portsIn('80/TCP') })
    const wish = service('c', { type: 'NodePort', ports: portsIn('80/TCP:30001') })
    const result = allocateAll([lone, next, wish], nothingHeld, options)
    expect(result.granted.map(printPorts)).toEqual(['p0 80/TCP:30003', 'p0 80/TCP:30001'])
    expect(messagesOf(result)).toEqual([
      'Internal error occurred: failed to allocate a nodePort: range is full',
    ])
  })

  test('a full range is told once to each Service', () => {
    const options = poolsWith({ nodePorts: { first: 30000, last: 30001 } })
    const spec = { type: 'LoadBalancer', externalTrafficPolicy: 'Local' }
    const hungry = service('web', { ...spec, ports: portsIn('80/TCP, 81/TCP, 82/TCP, 83/TCP') })
    expect(messagesOf(allocateAll([hungry], nothingHeld, options))).toEqual([
      'Internal error occurred: failed to allocate a nodePort: range is full',
    ])
  })

  test('a number of 0 is none, also where the range begins there', () => {
    const options = poolsWith({ nodePorts: { first: 0, last: 1 } })
    const services = ['a', 'b'].map((name) =>
      service(name, { type: 'NodePort', ports: portsIn('80/TCP') }),
    )
    const { granted } = allocateAll(services, nothingHeld, options)
    expect(granted.map(printPorts)).toEqual(['p0 80/TCP:1'])
  })
})

describe('the health check node port', () => {
  const local = { type: 'LoadBalancer', externalTrafficPolicy: 'Local' }

  test('comes from the same pool', () => {
    const web = service('web', { ...local, ports: portsIn('80/TCP') })
    const [granted] = allocateAll([web]).granted
    expect(granted?.spec.healthCheckNodePort).toBeGreaterThanOrEqual(30086)
    expect(granted?.spec.healthCheckNodePort).not.toBe(granted?.spec.ports[0]?.nodePort)
  })

  test('is granted as wished', () => {
    const web = service('web', { ...local, healthCheckNodePort: 31000, ports: portsIn('80/TCP') })
    expect(allocateAll([web]).granted[0]?.spec.healthCheckNodePort).toBe(31000)
  })

  test.each([
    [30080, taken],
    [80, outside],
  ])('a wish for %i is refused', (healthCheckNodePort, reason) => {
    const web = service('web', { ...local, healthCheckNodePort, ports: portsIn('80/TCP:30080') })
    expect(messagesOf(allocateAll([web]))).toEqual([
      `Internal error occurred: failed to allocate requested HealthCheck NodePort ${healthCheckNodePort}: ${reason}`,
    ])
  })

  test('may be the one for which nothing is left', () => {
    const options = poolsWith({ nodePorts: { first: 30000, last: 30000 } })
    const web = service('web', { ...local, ports: portsIn('80/TCP') })
    expect(messagesOf(allocateAll([web], nothingHeld, options))).toEqual([
      'Internal error occurred: failed to allocate a HealthCheck NodePort 0: range is full',
    ])
  })

  test('is for load balancers with a local policy alone', () => {
    const spec = { type: 'NodePort', externalTrafficPolicy: 'Local', ports: portsIn('80/TCP') }
    expect(allocateAll([service('web', spec)]).granted[0]?.spec).not.toHaveProperty(
      'healthCheckNodePort',
    )
  })
})

describe('cluster IPs', () => {
  const mismatch = 'the provided network does not match the current range'

  test.each([
    ['10.96.0.1', 'provided IP is already allocated'],
    ['10.96.0.0', mismatch],
    ['10.111.255.255', mismatch],
    ['10.0.0.5', mismatch],
  ])('%s is refused', (clusterIP, reason) => {
    expect(messagesOf(allocateAll([service('web', { clusterIP })]))).toEqual([
      `spec.clusterIPs: Invalid value: ["${clusterIP}"]: failed to allocate IP ${clusterIP}: ${reason}`,
    ])
  })

  test.each(['10.96.0.2', '10.96.0.10', '10.111.255.254'])('%s is granted', (clusterIP) => {
    const [granted] = allocateAll([service('web', { clusterIP })]).granted
    expect(granted?.spec).toMatchObject({
      clusterIP,
      clusterIPs: [clusterIP],
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
    })
  })

  test('one address is one wish, however it is spelled', () => {
    const options = poolsWith({ serviceCIDRs: ['fd00::/112'] })
    const first = service('a', { clusterIP: 'fd00::A' })
    const second = service('b', { clusterIP: 'fd00:0::a' })
    const result = allocateAll([first, second], nothingHeld, options)
    expect(result.granted.map(({ spec }) => spec.clusterIP)).toEqual(['fd00::A'])
    expect(messagesOf(result)).toEqual([
      'spec.clusterIPs: Invalid value: ["fd00:0::a"]: failed to allocate IP fd00:0::a: provided IP is already allocated',
    ])
  })

  test('10.96.0.1 belongs to default/kubernetes, also when that is written down', () => {
    const clusterIP = '10.96.0.1'
    const others = [service('kubernetes', { clusterIP }, 'other'), service('web', { clusterIP })]
    const result = allocateAll([...others, service('kubernetes', { clusterIP })])
    expect(result.granted.map(({ namespace }) => namespace)).toEqual(['default'])
    expect(result.diagnostics.length).toBe(2)
  })

  test('a full range is the last word', () => {
    const options = poolsWith({ serviceCIDRs: ['10.0.0.0/30'] })
    const services = [service('a', {}), service('b', {}), service('c', { type: 'ExternalName' })]
    const result = allocateAll(services, nothingHeld, options)
    expect(result.granted.map(({ spec }) => spec.clusterIP)).toEqual(['10.0.0.2', undefined])
    expect(messagesOf(result)).toEqual([
      'Internal error occurred: failed to allocate a serviceIP for Service "b": range is full',
    ])
  })

  test('an IPv6 block is drawn from as well as an IPv4 one', () => {
    const options = poolsWith({ serviceCIDRs: ['fd00:10:96::/112'] })
    const [granted] = allocateAll([service('web', {})], nothingHeld, options).granted
    expect(granted?.spec.clusterIP).toMatch(/^fd00:10:96::[0-9a-f]{3,4}$/)
  })

  test('a wish may reach where no automatic address comes from', () => {
    const options = poolsWith({ serviceCIDRs: ['fd00::/64'] })
    const services = ['fd00::1:0:0:5', 'fd00::ffff:ffff:ffff:ffff', 'fd00:0:0:1::'].map(
      (clusterIP) => service(clusterIP, { clusterIP }),
    )
    const result = allocateAll(services, nothingHeld, options)
    expect(result.granted.length).toBe(2)
    expect(messagesOf(result)).toEqual([
      `spec.clusterIPs: Invalid value: ["fd00:0:0:1::"]: failed to allocate IP fd00:0:0:1::: ${mismatch}`,
    ])
  })
})

describe('a grant has the fields of its type and no others', () => {
  const surplus = {
    ports: portsIn('80/TCP:30080'),
    healthCheckNodePort: 31000,
    loadBalancerClass: 'example.com/lb',
    allocateLoadBalancerNodePorts: true,
    externalTrafficPolicy: 'Local',
  }
  test.each([
    ['ClusterIP', ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy']],
    [
      'NodePort',
      ['clusterIP', 'clusterIPs', 'externalTrafficPolicy', 'ipFamilies', 'ipFamilyPolicy'],
    ],
    [
      'LoadBalancer',
      [
        'allocateLoadBalancerNodePorts',
        'clusterIP',
        'clusterIPs',
        'externalTrafficPolicy',
        'healthCheckNodePort',
        'ipFamilies',
        'ipFamilyPolicy',
        'loadBalancerClass',
      ],
    ],
    ['ExternalName', []],
  ])('%s', (type, fields) => {
    const [granted] = allocateAll([service('web', { ...surplus, type })]).granted
    const own = Object.keys(granted?.spec ?? {}).sort()
    expect(own).toEqual([...fields, 'ports', 'sessionAffinity', 'type'].sort())
  })
})

describe('every collision is found', () => {
  test('all who wish for one number are pointed to the first of them', () => {
    const text = ['c', 'a', 'b'].map(
      (name) => `metadata: {name: ${name}}
spec:
  type: NodePort
  ports:
  - port: 80
    nodePort: 30080
`,
    )
    expect(complaintsAbout(text.join('---\n'))).toBe(`\
error[node-port-taken]: spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated
  --> web.yaml:20:15
   |
20 |     nodePort: 30080
   |               ^^^^^ already allocated
  --> web.yaml:13:15
   |
13 |     nodePort: 30080
   |               ^^^^^ default/a has it
help: 32605 is free
error[node-port-taken]: spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated
  --> web.yaml:6:15
   |
 6 |     nodePort: 30080
   |               ^^^^^ already allocated
  --> web.yaml:13:15
   |
13 |     nodePort: 30080
   |               ^^^^^ default/a has it
help: 31711 is free
`)
  })

  test('what the ledger holds for a Service elsewhere is told in words', () => {
    const { held } = allocateAll([
      service('old', { type: 'NodePort', clusterIP: '10.96.7.7', ports: portsIn('80/TCP:30080') }),
    ])
    const text = `metadata: {name: web}
spec: {type: NodePort, clusterIP: 10.96.7.7, ports: [{port: 80, nodePort: 30080}]}
`
    expect(complaintsAbout(text, held)).toBe(`\
error[cluster-ip-taken]: spec.clusterIPs: Invalid value: ["10.96.7.7"]: failed to allocate IP 10.96.7.7: provided IP is already allocated
 --> web.yaml:2:35
  |
2 | spec: {type: NodePort, clusterIP: 10.96.7.7, ports: [{port: 80, nodePort: 30080}]}
  |                                   ^^^^^^^^^ already allocated
help: default/old holds it in the ledger; 10.111.245.101 is free
error[node-port-taken]: spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated
 --> web.yaml:2:75
  |
2 | spec: {type: NodePort, clusterIP: 10.96.7.7, ports: [{port: 80, nodePort: 30080}]}
  |                                                                           ^^^^^ already allocated
help: default/old holds it in the ledger; 30418 is free
`)
  })

  test('what the ledger holds for a Service that is here is shown there', () => {
    const text = `metadata: {name: old}
spec: {type: NodePort, ports: [{port: 80}]}
---
metadata: {name: web}
spec: {type: NodePort, ports: [{port: 80, nodePort: 30080}]}
`
    const before = { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] }
    const { held } = allocateAll([service('old', before)])
    expect(complaintsAbout(text, held)).toBe(`\
error[node-port-taken]: spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated
 --> web.yaml:5:53
  |
5 | spec: {type: NodePort, ports: [{port: 80, nodePort: 30080}]}
  |                                                     ^^^^^ already allocated
 --> web.yaml:1:18
  |
1 | metadata: {name: old}
  |                  ^^^ default/old holds it in the ledger
help: 30418 is free
`)
  })

  test('a wish beside the range shows the way into it', () => {
    const text =
      'metadata: {name: web}\nspec: {type: NodePort, ports: [{port: 80, nodePort: 80}]}\n'
    expect(complaintsAbout(text)).toContain(`
help: 30418 is free; --node-port-range tells of another range
`)
  })

  test('suggestions do not collide either', () => {
    const options = poolsWith({ nodePorts: { first: 30000, last: 30004 } })
    const services = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) =>
      service(name, { type: 'NodePort', ports: portsIn('80/TCP:30000') }),
    )
    const help = allocateAll(services, nothingHeld, options).diagnostics.map((it) => it.help)
    expect([...help].sort()).toEqual([
      'default/a has it; 30001 is free',
      'default/a has it; 30002 is free',
      'default/a has it; 30003 is free',
      'default/a has it; 30004 is free',
      'default/a has it; no other is free',
      'default/a has it; no other is free',
    ])
  })

  test('a Service that is created twice asks twice for its numbers', () => {
    const web = service('web', { type: 'NodePort', ports: portsIn('80/TCP:30080') })
    const result = allocateAll([web, web])
    expect(result.granted.length).toBe(1)
    expect(messagesOf(result)).toEqual([`spec.ports[0].nodePort: Invalid value: 30080: ${taken}`])
  })

  test('asking changes nothing of what is held', () => {
    const { held } = allocateAll([
      service('old', { type: 'NodePort', ports: portsIn('80/TCP:30000') }),
    ])
    const services = [30000, 30030, 30030, 30040].map((port, index) =>
      service(`n${index}`, { type: 'NodePort', ports: portsIn(`80/TCP:${port}`) }),
    )
    const first = allocateAll(services, held)
    expect(first.granted.map(({ name }) => name)).toEqual(['n1', 'n3'])
    expect(allocateAll(services, held).granted).toEqual(first.granted)
  })
})

test('what failed its validation is passed over in silence', () => {
  const specs = [
    { type: 'Nonsense', ports: portsIn('80/TCP:30080') },
    { clusterIP: 'ten' },
    { clusterIP: '10.96.00.5' },
    { clusterIP: '::ffff:10.96.0.5' },
    { clusterIPs: ['10.96.0.5'] },
    { clusterIP: '10.96.0.5', clusterIPs: ['10.96.0.6'] },
    { clusterIP: '10.96.0.5', clusterIPs: ['10.96.0.5', '10.96.0.6'] },
    { clusterIP: '10.96.0.5', ipFamilies: ['IPv6'] },
    { clusterIP: 'None', clusterIPs: ['None', '10.96.0.5'] },
    { clusterIP: 'None', type: 'NodePort' },
    { ipFamilies: ['IPv5'] },
    { ipFamilies: ['IPv4', 'IPv4'] },
    { ipFamilyPolicy: 'Any' },
  ]
  const services = specs.map((spec, index) => service(`s${index}`, spec))
  expect(allocateAll(services)).toMatchObject({ granted: [], diagnostics: [] })
})

function created(type: string, ports: string): string[] {
  const result = allocateAll([service('web', { type, ports: portsIn(ports) })])
  return [...result.granted.map(printPorts), ...messagesOf(result)]
}

function numbersOf(type: string, ports: string): number[] {
  const { granted } = allocateAll([service('web', { type, ports: portsIn(ports) })])
  return granted.flatMap(({ spec }) => spec.ports.map(({ nodePort }) => nodePort))
}

function complaintsAbout(text: string, held = nothingHeld): string {
  const { diagnostics } = allocateAll(servicesIn(text), held)
  return diagnostics.map((it) => renderDiagnostic(it, plain)).join('')
}
