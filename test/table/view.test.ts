import { describe, expect, test } from '@jest/globals'
import type { IP } from '../../src/address/ip.ts'
import type { Diagnostic } from '../../src/diagnostic/diagnostic.ts'
import type { Node } from '../../src/object/node.ts'
import { directorView, type NodeOptions, nodeView } from '../../src/table/view.ts'
import { nodeOf } from '../support/built.ts'

const a = nodeOf('node-a', {
  zone: 'z1',
  addresses: [
    { type: 'Hostname', address: 'node-a' },
    { type: 'ExternalIP', address: '203.0.113.10' },
    { type: 'InternalIP', address: '192.168.10.10' },
    { type: 'InternalIP', address: 'fd00:192::10' },
  ],
})
const b = nodeOf('node-b', { addresses: [{ type: 'InternalIP', address: '192.168.10.11' }] })

describe('a node', () => {
  test.each<[string, Partial<NodeOptions>, readonly Node[], object]>([
    [
      'is the one asked for, with its internal addresses',
      { node: 'node-b' },
      [a, b],
      { name: 'node-b', zone: undefined, addresses: ['192.168.10.11'] },
    ],
    [
      'is else the one named as this host',
      {},
      [a, b],
      { name: 'node-a', zone: 'z1', addresses: ['192.168.10.10', 'fd00:192::10'] },
    ],
    [
      'is else this host, with the addresses of its interfaces',
      {},
      [b],
      { name: 'node-a', zone: undefined, addresses: ['10.9.9.9'] },
    ],
    [
      'can have a name that no manifest knows where there are no Nodes',
      { node: 'node-x' },
      [],
      { name: 'node-x', zone: undefined, addresses: ['10.9.9.9'] },
    ],
    [
      'has the addresses it is given',
      { nodeIPs: ['198.51.100.1' as IP] },
      [a],
      { name: 'node-a', zone: 'z1', addresses: ['198.51.100.1'] },
    ],
    [
      'has the addresses of this host where those are wanted, as on a node of kube-proxy',
      { nodeIPs: 'host' },
      [a],
      { name: 'node-a', zone: 'z1', addresses: ['10.9.9.9'] },
    ],
    [
      'answers on its primary addresses where they are asked for',
      { nodePortAddresses: 'primary' },
      [a],
      { name: 'node-a', zone: 'z1', addresses: ['192.168.10.10', 'fd00:192::10'] },
    ],
    [
      'has no address of this host where it is another',
      { node: 'node-c' },
      [nodeOf('node-c')],
      { name: 'node-c', zone: undefined, addresses: [] },
    ],
    [
      'has the addresses of this host where its Node tells of none',
      {},
      [nodeOf('node-a')],
      { name: 'node-a', zone: undefined, addresses: ['10.9.9.9'] },
    ],
  ])('%s', (_, options, nodes, expected) => {
    expect(viewOf(nodes, options)).toEqual({ role: 'node', ...expected })
  })

  test('that is not among the Nodes is reported', () => {
    const diagnostics: Diagnostic[] = []
    viewOf([a, b], { node: 'node-c' }, diagnostics)
    expect(diagnostics).toMatchObject([
      { code: 'node-unknown', message: 'there is no Node "node-c" in the manifests' },
    ])
  })
})

describe('a director', () => {
  test('sends to every Node that is not known to be unready', () => {
    const nodes = [
      nodeOf('ready'),
      nodeOf('silent', { ready: undefined }),
      nodeOf('cordoned', { unschedulable: true }),
      nodeOf('unready', { ready: 'False' }),
      nodeOf('lost', { ready: 'Unknown' }),
      nodeOf('excluded', {
        labels: { 'node.kubernetes.io/exclude-from-external-load-balancers': '' },
      }),
    ]
    const { targets } = directorView(nodes, { role: 'director', vips: [], backends: [] })
    expect(targets.map(({ name }) => name)).toEqual(['cordoned', 'ready', 'silent'])
  })

  test('prefers internal addresses to external ones, and keeps weights', () => {
    const weighty = { ...a, annotations: { 'nodeport.io/weight': '5' } }
    expect(directorView([weighty], { role: 'director', vips: [], backends: [] }).targets).toEqual([
      {
        name: 'node-a',
        addresses: ['192.168.10.10', 'fd00:192::10', '203.0.113.10'],
        weight: 5,
      },
    ])
  })

  test('sends to the addresses it is given, and to no others', () => {
    const backends = ['192.168.10.11', '10.1.1.1'] as IP[]
    expect(directorView([a, b], { role: 'director', vips: [], backends }).targets).toEqual([
      { name: undefined, addresses: ['10.1.1.1'], weight: undefined },
      { name: 'node-b', addresses: ['192.168.10.11'], weight: undefined },
    ])
  })
})

function viewOf(
  nodes: readonly Node[],
  options: Partial<NodeOptions>,
  diagnostics: Diagnostic[] = [],
) {
  const host = {
    name: 'Node-A',
    addresses: [
      { interface: 'lo', address: '127.0.0.1' },
      { interface: 'eth0', address: '10.9.9.9' },
    ],
  }
  const given: NodeOptions = {
    role: 'node',
    node: undefined,
    nodeIPs: [],
    nodePortAddresses: [],
    host,
    ...options,
  }
  return nodeView(nodes, given, (diagnostic) => diagnostics.push(diagnostic))
}
