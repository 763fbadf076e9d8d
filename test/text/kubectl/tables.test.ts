import { describe, expect, test } from '@jest/globals'
import type { Fields } from '../../../src/manifest/document.ts'
import { readEndpoints } from '../../../src/object/endpoints.ts'
import { readNode } from '../../../src/object/node.ts'
import { readPod } from '../../../src/object/pod.ts'
import { endpointSlices, endpoints } from '../../../src/text/kubectl/endpoints.ts'
import { nodes } from '../../../src/text/kubectl/nodes.ts'
import { pods } from '../../../src/text/kubectl/pods.ts'
import { listing } from '../../../src/text/kubectl/resource.ts'
import { type SliceWish, slice } from '../../support/resources.ts'

const now = Date.parse('2026-01-10T00:00:00Z')
const origin = {
  document: { source: { name: '', text: '' }, start: 0, end: 0, language: 'yaml', ordinal: 0 },
  path: [],
} as const

describe('endpoints', () => {
  const address = (ip: string) => ({ ip })
  test.each([
    ['nothing', undefined, '<none>'],
    [
      'two',
      [{ addresses: [address('10.1.0.1'), address('fd00::1')], ports: [{ port: 80 }] }],
      '10.1.0.1:80,[fd00::1]:80',
    ],
    [
      'only addresses that are not ready',
      [{ notReadyAddresses: [address('a')], ports: [{ port: 1 }] }],
      '',
    ],
    [
      'two ports of two',
      [{ addresses: [address('a'), address('b')], ports: [{ port: 1 }, { port: 2 }] }],
      'a:1,b:1,a:2 + 1 more...',
    ],
    ['no ports', [{ addresses: [address('a'), address('fd00::1')] }], 'a,fd00::1'],
  ])('%s', (_, subsets, cell) => {
    const fields = { metadata: { name: 'web' }, subsets }
    const object = readEndpoints(fields, 'default', origin)
    const [row] = listing(endpoints, [{ object, fields }]).rows
    expect(row?.cells('narrow', now)).toEqual(['web', cell, '<unknown>'])
  })
})

describe('endpoint slices', () => {
  test.each<[string, SliceWish, string[]]>([
    ['nothing', {}, ['<unset>', '<unset>']],
    [
      'a port and two addresses, one of which is ready',
      { ports: [{ name: 'http', port: 80 }], addresses: ['a!', 'b'] },
      ['80', 'a,b'],
    ],
    ['a port without a number', { ports: [{ name: 'any' }], addresses: ['a'] }, ['any', 'a']],
    [
      'many',
      { ports: [1, 2, 3, 4, 5].map((port) => ({ port })), addresses: ['a', 'b', 'c', 'd'] },
      ['1,2,3 + 2 more...', 'a,b,c + 1 more...'],
    ],
  ])('%s', (_, wish, cells) => {
    const [row] = listing(endpointSlices, [{ object: slice(wish), fields: {} }]).rows
    expect(row?.cells('narrow', now).slice(2, 4)).toEqual(cells)
  })
})

describe('nodes', () => {
  test.each<[string, Fields, string[]]>([
    [
      'one that says nothing',
      {},
      ['Unknown', '<none>', '', '<none>', '<none>', '<unknown>', '<unknown>', '<unknown>'],
    ],
    [
      'one that is being emptied',
      {
        spec: { unschedulable: true },
        status: { conditions: [{ type: 'Ready', status: 'True' }] },
      },
      [
        'Ready,SchedulingDisabled',
        '<none>',
        '',
        '<none>',
        '<none>',
        '<unknown>',
        '<unknown>',
        '<unknown>',
      ],
    ],
    [
      'one that is lost, of several roles',
      {
        metadata: {
          labels: {
            'node-role.kubernetes.io/worker': '',
            'node-role.kubernetes.io/': '',
            'kubernetes.io/role': 'etcd',
          },
        },
        status: {
          conditions: [{ type: 'Ready', status: 'Unknown' }],
          addresses: [
            { type: 'ExternalIP', address: '1.2.3.4' },
            { type: 'InternalIP', address: '10.0.0.1' },
          ],
          nodeInfo: {
            kubeletVersion: 'v1.36.2',
            osImage: 'Debian',
            kernelVersion: '6.1.0',
            architecture: 'amd64',
            containerRuntimeVersion: 'containerd://2.0',
          },
        },
      },
      [
        'NotReady',
        'etcd,worker',
        'v1.36.2',
        '10.0.0.1',
        '1.2.3.4',
        'Debian',
        '6.1.0 (amd64)',
        'containerd://2.0',
      ],
    ],
  ])('%s', (_, fields, cells) => {
    const [row] = listing(nodes, [{ object: readNode(fields, origin), fields }]).rows
    expect(row?.cells('wide', now).filter((__, index) => index !== 0 && index !== 3)).toEqual(cells)
  })
})

describe('pods', () => {
  const running = { name: 'c', ready: true, restartCount: 0, state: { running: {} } }
  const ended = (exitCode: number, more: Fields = {}) => ({
    name: 'c',
    state: { terminated: { exitCode, ...more } },
  })
  const waiting = (reason: string) => ({ name: 'c', state: { waiting: { reason } } })
  const ready = { type: 'Ready', status: 'True' }
  test.each<[string, Fields, string[]]>([
    [
      'one that runs',
      { status: { phase: 'Running', conditions: [ready], containerStatuses: [running] } },
      ['1/1', 'Running', '0'],
    ],
    ['one that waits to be placed', { status: { phase: 'Pending' } }, ['0/1', 'Pending', '0']],
    [
      'one that may not be placed yet',
      {
        status: {
          phase: 'Pending',
          conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }],
        },
      },
      ['0/1', 'SchedulingGated', '0'],
    ],
    [
      'one that crashes',
      {
        status: {
          phase: 'Running',
          containerStatuses: [
            {
              ...waiting('CrashLoopBackOff'),
              restartCount: 5,
              lastState: { terminated: { finishedAt: '2026-01-09T23:58:00Z' } },
            },
          ],
        },
      },
      ['0/1', 'CrashLoopBackOff', '5 (2m ago)'],
    ],
    [
      'one that was evicted',
      { status: { phase: 'Failed', reason: 'Evicted' } },
      ['0/1', 'Evicted', '0'],
    ],
    [
      'one that is done',
      { status: { phase: 'Succeeded', containerStatuses: [ended(0, { reason: 'Completed' })] } },
      ['0/1', 'Completed', '0'],
    ],
    [
      'one that failed',
      { status: { phase: 'Failed', containerStatuses: [ended(3)] } },
      ['0/1', 'ExitCode:3', '0'],
    ],
    [
      'one that was killed',
      { status: { phase: 'Failed', containerStatuses: [ended(137, { signal: 9 })] } },
      ['0/1', 'Signal:9', '0'],
    ],
    [
      'one half of which is done',
      {
        status: {
          phase: 'Running',
          conditions: [ready],
          containerStatuses: [ended(0, { reason: 'Completed' }), running],
        },
      },
      ['1/1', 'Running', '0'],
    ],
    [
      'one half of which is done, the rest not ready',
      {
        status: {
          phase: 'Running',
          containerStatuses: [ended(0, { reason: 'Completed' }), running],
        },
      },
      ['1/1', 'NotReady', '0'],
    ],
    [
      'one that is being initialized',
      {
        spec: { initContainers: [{ name: 'i' }, { name: 'j' }] },
        status: { phase: 'Pending', initContainerStatuses: [ended(0), waiting('PodInitializing')] },
      },
      ['0/1', 'Init:1/2', '0'],
    ],
    [
      'one whose initialization failed',
      {
        spec: { initContainers: [{ name: 'i' }] },
        status: { phase: 'Pending', initContainerStatuses: [ended(1, { reason: 'Error' })] },
      },
      ['0/1', 'Init:Error', '0'],
    ],
    [
      'one with a sidecar',
      {
        spec: { initContainers: [{ name: 's', restartPolicy: 'Always' }] },
        status: {
          phase: 'Running',
          initContainerStatuses: [
            { name: 's', started: true, ready: true, restartCount: 2, state: { running: {} } },
          ],
          containerStatuses: [running],
        },
      },
      ['2/2', 'Running', '2'],
    ],
    [
      'one that is going',
      { metadata: { deletionTimestamp: '2026-01-10T00:00:00Z' }, status: { phase: 'Running' } },
      ['0/1', 'Terminating', '0'],
    ],
    [
      'one that was done when it was deleted',
      { metadata: { deletionTimestamp: '2026-01-10T00:00:00Z' }, status: { phase: 'Succeeded' } },
      ['0/1', 'Succeeded', '0'],
    ],
    [
      'one on a node that is lost',
      {
        metadata: { deletionTimestamp: '2026-01-10T00:00:00Z' },
        status: { phase: 'Running', reason: 'NodeLost' },
      },
      ['0/1', 'Unknown', '0'],
    ],
  ])('%s', (_, { spec, ...rest }, cells) => {
    const fields = { ...rest, spec: { containers: [{ name: 'c' }], ...(spec as Fields) } }
    const object = readPod(fields, 'default', origin)
    const [row] = listing(pods, [{ object, fields }]).rows
    expect(row?.cells('narrow', now).slice(1, 4)).toEqual(cells)
  })

  test('wide, with addresses and gates', () => {
    const fields = {
      metadata: { name: 'web' },
      spec: {
        nodeName: 'node-1',
        readinessGates: [{ conditionType: 'a' }, { conditionType: 'b' }],
      },
      status: {
        podIP: '10.1.0.1',
        nominatedNodeName: 'node-2',
        conditions: [
          { type: 'a', status: 'True' },
          { type: 'b', status: 'False' },
        ],
      },
    }
    const [row] = listing(pods, [{ object: readPod(fields, 'default', origin), fields }]).rows
    expect(row?.cells('wide', now).slice(5)).toEqual(['10.1.0.1', 'node-1', 'node-2', '1/2'])
  })

  test('a simulated one says so', () => {
    const fields = { metadata: { name: 'web' }, spec: { containers: [{ name: 'c' }] } }
    const object = { ...readPod(fields, 'default', origin), simulated: true }
    const [row] = listing(pods, [{ object, fields }]).rows
    expect(row?.cells('wide', now)).toEqual([
      'web',
      '1/1',
      'Simulated',
      '0',
      '<unknown>',
      '<none>',
      '<none>',
      '<none>',
      '<none>',
    ])
  })
})
