import { describe, expect, test } from '@jest/globals'
import { parseIP } from '../../src/address/ip.ts'
import { type Compiled, compile } from '../../src/compile.ts'
import { defaultPools } from '../../src/pool/allocate.ts'
import { fateOf, nearTo } from '../../src/table/near.ts'
import { defaultSettings } from '../../src/table/service-settings.ts'
import { type Packet, serverFor, type Way, wayThrough } from '../../src/table/way.ts'

const web = `
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  type: NodePort
  clusterIP: 10.96.0.80
  selector: {app: web}
  ports: [{name: http, port: 80, nodePort: 30080}]
`

const slice = (...endpoints: readonly string[]): string => `
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}
addressType: IPv4
ports: [{name: http, port: 8080}]
endpoints:
${endpoints.map((endpoint) => `- {${endpoint}}\n`).join('')}`

const node = (name: string, address: string, more = ''): string => `
---
apiVersion: v1
kind: Node
metadata: {name: ${name}, labels: {topology.kubernetes.io/zone: zone-${name}}${more}}
status: {addresses: [{type: InternalIP, address: ${address}}]}
`

const nodes = node('a', '192.0.2.1') + node('b', '192.0.2.2')

describe('who is left out, and why', () => {
  test.each([
    ['is not ready', 'conditions: {ready: false}', 'not-ready'],
    [
      'is about to go',
      'conditions: {ready: false, serving: true, terminating: true}',
      'terminating',
    ],
  ])('an endpoint that %s', (_, conditions, reason) => {
    const text = web + slice('addresses: [10.0.0.1]', `addresses: [10.0.0.2], ${conditions}`)
    expect(leftOut(wayOf('10.96.0.80', 80, text))).toEqual([['10.0.0.2', reason]])
  })

  const local = web.replace('NodePort\n', 'NodePort\n  externalTrafficPolicy: Local\n')
  const apart = slice('addresses: [10.0.0.1], nodeName: a', 'addresses: [10.0.0.2], nodeName: b')

  test('one on another node, where the policy is Local', () => {
    const way = wayOf('192.0.2.1', 30080, local + apart + nodes)
    expect(leftOut(way)).toEqual([['10.0.0.2', 'not-local']])
    expect(way).toMatchObject({ policy: { scope: 'local' }, source: 'client' })
  })

  test('nobody, where the policy is Local and the node has none of them', () => {
    const way = wayOf('192.0.2.3', 30080, local + apart + nodes + node('c', '192.0.2.3'))
    expect(leftOut(way)).toEqual([])
    expect(way).toMatchObject({ policy: { scope: 'elsewhere' }, source: 'client' })
  })

  test.each([
    ['zone', 'forZones: [{name: zone-a}]', 'forZones: [{name: zone-b}]', 'other-zone', 'zone-b'],
    ['node', 'forNodes: [{name: a}]', 'forNodes: [{name: b}]', 'other-node', 'b'],
  ])('one that hints keep for another %s', (near, ours, theirs, reason, keptFor) => {
    const hinted = slice(
      `addresses: [10.0.0.1], hints: {${ours}}`,
      `addresses: [10.0.0.2], hints: {${theirs}}`,
    )
    const way = wayOf('192.0.2.1', 30080, web + hinted + nodes)
    expect(leftOut(way)).toEqual([['10.0.0.2', reason]])
    expect(way).toMatchObject({ policy: { near }, leftOut: [{ keptFor: [keptFor] }] })
  })

  test('a node before which a director stands, if it is excluded or not ready', () => {
    const excluded =
      ', annotations: {}, labels: {node.kubernetes.io/exclude-from-external-load-balancers: ""}'
    const kept = node('c', '192.0.2.3').replace(/, labels: {topology.*?}/, excluded)
    const broken = node('d', '192.0.2.4').replace(
      'status: {',
      'status: {conditions: [{type: Ready, status: "False"}], ',
    )
    const way = wayBefore('203.0.113.1', 80, web + nodes + kept + broken)
    expect(leftOut(way)).toEqual([
      ['192.0.2.3', 'excluded'],
      ['192.0.2.4', 'not-ready'],
    ])
  })

  test('and one without a ready endpoint, where the policy is Local', () => {
    const way = wayBefore(
      '203.0.113.1',
      80,
      local + slice('addresses: [10.0.0.1], nodeName: a') + nodes,
    )
    expect(leftOut(way)).toEqual([['192.0.2.2', 'no-local-endpoint']])
  })
})

describe('why nobody answers', () => {
  const unselected = web.replace('  selector: {app: web}\n', '')

  test.each([
    ['the selector matches nothing', web, 'no-pods'],
    ['there is neither selector nor slice', unselected, 'no-slices'],
    [
      'the slices call the port otherwise',
      web + slice('addresses: [10.0.0.1]').replace('http', 'https'),
      'no-port',
    ],
    [
      'those that there are cannot be asked',
      web + slice('addresses: [10.0.0.1], conditions: {ready: false}'),
      'none-usable',
    ],
  ])('%s', (_, text, why) => {
    expect(wayOf('10.96.0.80', 80, text)).toMatchObject({ stops: [], why })
  })
})

describe('whose address is seen', () => {
  const one = slice('addresses: [10.0.0.1]')

  test.each([
    ['a pod keeps its own where it asks a cluster IP', '10.96.0.80', 80, web, 'insider'],
    ['a client of a node port is seen as the node', '192.0.2.1', 30080, web, 'node'],
    ['nothing is rewritten on a route', '192.0.2.1', 30080, routed(web), 'client'],
  ])('%s', (_, address, port, text, source) => {
    expect(wayOf(address, port, text + one + nodes)).toMatchObject({ source })
  })
})

describe('what was meant where nothing answers', () => {
  type Row = [string, string, number, string, string[], Packet['protocol']?]

  test.each<Row>([
    ['another port of the address', '10.96.0.80', 81, 'service-address', ['ports']],
    ['another protocol', '192.0.2.1', 30080, 'host', ['protocol'], 'UDP'],
    ['a node port on the address of nobody', '192.0.2.9', 30080, 'elsewhere', ['node-port']],
    ['an address of the node itself', '127.0.0.1', 30080, 'host', ['loopback']],
    ['the port inside the cluster', '192.0.2.1', 80, 'host', ['inner-port', 'ports']],
    ['a pod', '10.0.0.1', 8080, 'elsewhere', ['endpoint']],
    ['nothing that we know of', '198.51.100.1', 80, 'elsewhere', []],
  ])('%s', (_, address, port, fate, kinds, protocol = 'TCP') => {
    const packet = packetTo(address, port, protocol)
    const compiled = compileFor(packet, web + slice('addresses: [10.0.0.1]') + nodes)
    expect(serverFor(packet, compiled.table)).toBeUndefined()
    expect(fateOf(packet, compiled)).toBe(fate)
    expect(nearTo(packet, compiled).map(({ kind }) => kind)).toEqual(kinds)
  })
})

function routed(text: string): string {
  return text.replace('{name: web}', '{name: web, annotations: {nodeport.io/forwarding: route}}')
}

function leftOut(way: Way | undefined): [address: string, reason: string][] {
  return (way?.leftOut ?? []).map(({ address, reason }) => [address, reason])
}

/** On the node that has the address, or on node a. */
function wayOf(address: string, port: number, text: string): Way | undefined {
  const packet = packetTo(address, port, 'TCP')
  return wayIn(compileFor(packet, text), packet)
}

function wayBefore(address: string, port: number, text: string): Way | undefined {
  const packet = packetTo(address, port, 'TCP')
  const view = { role: 'director', vips: [packet.address], backends: [] } as const
  return wayIn(compile([{ name: 'web.yaml', text }], { ...options, view }), packet)
}

function wayIn(compiled: Compiled, packet: Packet): Way | undefined {
  const server = serverFor(packet, compiled.table)
  return server && wayThrough(server, compiled)
}

function packetTo(address: string, port: number, protocol: Packet['protocol']): Packet {
  const ip = parseIP(address)
  if (ip === undefined) throw new Error(`${address} is no address`)
  return { protocol, address: ip, port }
}

const options = { held: new Map(), pools: defaultPools, settings: defaultSettings }

function compileFor(packet: Packet, text: string): Compiled {
  const host = { name: 'a', addresses: [] }
  const asked = packet.address
  return compile([{ name: 'web.yaml', text }], {
    ...options,
    view: { role: 'node', node: undefined, asked, nodeIPs: [], nodePortAddresses: [], host },
  })
}
