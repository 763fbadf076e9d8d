import { describe, expect, test } from '@jest/globals'
import { parseLabelSelector } from '../../../src/object/label-selector.ts'
import { readNode } from '../../../src/object/node.ts'
import type { Service } from '../../../src/object/service.ts'
import { endpointSlices } from '../../../src/text/kubectl/endpoints.ts'
import {
  badSelector,
  type GetOptions,
  printGet,
  type Request,
} from '../../../src/text/kubectl/get.ts'
import { nodes } from '../../../src/text/kubectl/nodes.ts'
import { listing } from '../../../src/text/kubectl/resource.ts'
import { services } from '../../../src/text/kubectl/services.ts'
import { type ServiceWish, service, slice } from '../../support/resources.ts'

const now = Date.parse('2026-01-10T00:00:00Z')

describe('the tables of the tutorials', () => {
  test('the Service that was just configured stands beside the API server', () => {
    const web = [
      aged('76s', {
        name: 'hostname-svc-nodeport',
        type: 'NodePort',
        clusterIPs: ['10.233.60.61'],
        ports: [{ name: 'webserver', port: 8080, targetPort: 80, nodePort: 31333 }],
      }),
      aged('48d', { name: 'kubernetes', clusterIPs: ['10.233.0.1'], ports: [{ port: 443 }] }),
    ]
    expect(get(web)).toBe(`\
NAME                    TYPE        CLUSTER-IP     EXTERNAL-IP   PORT(S)          AGE
hostname-svc-nodeport   NodePort    10.233.60.61   <none>        8080:31333/TCP   76s
kubernetes              ClusterIP   10.233.0.1     <none>        443/TCP          48d
`)
  })

  test('a cluster of five days', () => {
    const myapp = [
      aged('5d4h', { name: 'kubernetes', clusterIPs: ['10.96.0.1'], ports: [{ port: 443 }] }),
      aged('6s', {
        name: 'myapp',
        type: 'NodePort',
        clusterIPs: ['10.101.173.202'],
        ports: [{ port: 80, nodePort: 30303 }],
      }),
    ]
    expect(get(myapp)).toBe(`\
NAME         TYPE        CLUSTER-IP       EXTERNAL-IP   PORT(S)        AGE
kubernetes   ClusterIP   10.96.0.1        <none>        443/TCP        5d4h
myapp        NodePort    10.101.173.202   <none>        80:30303/TCP   6s
`)
  })

  test('three masters and three workers, wide', () => {
    const node = (name: string, address: string, kernel: string, role: string) => {
      const fields = {
        metadata: {
          name,
          creationTimestamp: new Date(now - 48 * day).toISOString(),
          labels: role === '' ? {} : { [`node-role.kubernetes.io/${role}`]: '' },
        },
        status: {
          conditions: [{ type: 'Ready', status: 'True' }],
          addresses: [
            { type: 'InternalIP', address },
            { type: 'Hostname', address: name },
          ],
          nodeInfo: {
            kubeletVersion: 'v1.27.5',
            osImage: 'Ubuntu 22.04.4 LTS',
            kernelVersion: kernel,
            containerRuntimeVersion: 'cri-o://1.27.1',
          },
        },
      }
      return { object: readNode(fields, origin), fields }
    }
    const entries = [
      node('worker1', '10.101.0.13', '5.15.0-97-generic', ''),
      node('worker2', '10.101.0.15', '5.15.0-101-generic', ''),
      node('worker3', '10.101.0.21', '5.15.0-101-generic', ''),
      node('master1', '10.101.0.3', '5.15.0-97-generic', 'control-plane'),
      node('master2', '10.101.0.5', '5.15.0-101-generic', 'control-plane'),
      node('master3', '10.101.0.7', '5.15.0-97-generic', 'control-plane'),
    ]
    expect(out([{ listing: listing(nodes, entries) }], { output: 'wide' })).toBe(`\
NAME      STATUS   ROLES           AGE   VERSION   INTERNAL-IP   EXTERNAL-IP   OS-IMAGE             KERNEL-VERSION       CONTAINER-RUNTIME
master1   Ready    control-plane   48d   v1.27.5   10.101.0.3    <none>        Ubuntu 22.04.4 LTS   5.15.0-97-generic    cri-o://1.27.1
master2   Ready    control-plane   48d   v1.27.5   10.101.0.5    <none>        Ubuntu 22.04.4 LTS   5.15.0-101-generic   cri-o://1.27.1
master3   Ready    control-plane   48d   v1.27.5   10.101.0.7    <none>        Ubuntu 22.04.4 LTS   5.15.0-97-generic    cri-o://1.27.1
worker1   Ready    <none>          48d   v1.27.5   10.101.0.13   <none>        Ubuntu 22.04.4 LTS   5.15.0-97-generic    cri-o://1.27.1
worker2   Ready    <none>          48d   v1.27.5   10.101.0.15   <none>        Ubuntu 22.04.4 LTS   5.15.0-101-generic   cri-o://1.27.1
worker3   Ready    <none>          48d   v1.27.5   10.101.0.21   <none>        Ubuntu 22.04.4 LTS   5.15.0-101-generic   cri-o://1.27.1
`)
  })
})

const several = [
  aged('5d', {
    name: 'np',
    type: 'NodePort',
    clusterIPs: ['10.96.0.10'],
    externalIPs: ['1.2.3.4'],
    selector: { app: 'web', 'a-b': '1', a: '2' },
    labels: { tier: 'front' },
    ports: [
      { port: 80, nodePort: 30080 },
      { port: 8443, nodePort: 30101 },
    ],
  }),
  aged('5d', { name: 'x', clusterIPs: ['None'], ports: [{ port: 53, protocol: 'UDP' }] }),
  aged('5d', { name: 'ext', type: 'ExternalName', externalName: 'db.example.com' }),
  aged('5d', {
    name: 'lb',
    type: 'LoadBalancer',
    clusterIPs: ['10.96.0.13'],
    ingress: [{ hostname: 'foo.example.com' }, { ip: '2.2.2.2' }],
    labels: { 'example.com/tier': 'edge', tier: 'front' },
    ports: [{ port: 80, nodePort: 30100 }],
  }),
  aged('5d', {
    name: 'a-very-long-service-name-to-see-padding',
    namespace: 'zeta',
    clusterIPs: ['10.96.0.11'],
    ports: [{ port: 53, protocol: 'UDP' }],
  }),
]

describe('a table', () => {
  test('has the Services of one namespace by name', () => {
    expect(get(several)).toBe(`\
NAME   TYPE           CLUSTER-IP   EXTERNAL-IP               PORT(S)                       AGE
ext    ExternalName   <none>       db.example.com            <none>                        5d
lb     LoadBalancer   10.96.0.13   2.2.2.2,foo.example.com   80:30100/TCP                  5d
np     NodePort       10.96.0.10   1.2.3.4                   80:30080/TCP,8443:30101/TCP   5d
x      ClusterIP      None         <none>                    53/UDP                        5d
`)
  })

  test('has the Services of all namespaces behind these', () => {
    const two = several.filter(({ name }) => name === 'ext' || name.startsWith('a-very'))
    expect(get(two, { allNamespaces: true })).toBe(`\
NAMESPACE   NAME                                      TYPE           CLUSTER-IP   EXTERNAL-IP      PORT(S)   AGE
default     ext                                       ExternalName   <none>       db.example.com   <none>    5d
zeta        a-very-long-service-name-to-see-padding   ClusterIP      10.96.0.11   <none>           53/UDP    5d
`)
  })

  test('says more where it may be wide', () => {
    expect(get(several.slice(0, 2), { output: 'wide' })).toBe(`\
NAME   TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)                       AGE   SELECTOR
np     NodePort    10.96.0.10   1.2.3.4       80:30080/TCP,8443:30101/TCP   5d    a-b=1,a=2,app=web
x      ClusterIP   None         <none>        53/UDP                        5d    <none>
`)
  })

  test('without headers is as narrow as its rows', () => {
    expect(get(several.slice(0, 2), { headers: false })).toBe(`\
np    NodePort    10.96.0.10   1.2.3.4   80:30080/TCP,8443:30101/TCP   5d
x     ClusterIP   None         <none>    53/UDP                        5d
`)
  })

  test('has labels in its last columns', () => {
    const options = { showLabels: true, labelColumns: ['tier', 'example.com/tier'] }
    expect(get(several.slice(2, 4), options)).toBe(`\
NAME   TYPE           CLUSTER-IP   EXTERNAL-IP               PORT(S)        AGE   TIER    TIER   LABELS
ext    ExternalName   <none>       db.example.com            <none>         5d                   <none>
lb     LoadBalancer   10.96.0.13   2.2.2.2,foo.example.com   80:30100/TCP   5d    front   edge   example.com/tier=edge,tier=front
`)
  })

  test('has what the selector chooses', () => {
    const selector = parseLabelSelector('tier=front,example.com/tier')
    if (typeof selector === 'string') throw new Error(selector)
    expect(get(several, { selector, output: 'name' })).toBe('service/lb\n')
  })

  test('of several kinds is one for each, and names say the kind', () => {
    const slices = [
      slice({ name: 'np-x7k2p', ports: [{ port: 8080 }], addresses: ['10.1.0.1', '10.1.0.2!'] }),
    ]
    const requests = [
      { listing: listing(services, several.slice(0, 1).map(entry)) },
      {
        listing: listing(
          endpointSlices,
          slices.map((object) => ({ object, fields: {} })),
        ),
      },
    ]
    expect(out(requests, {})).toBe(`\
NAME         TYPE       CLUSTER-IP   EXTERNAL-IP   PORT(S)                       AGE
service/np   NodePort   10.96.0.10   1.2.3.4       80:30080/TCP,8443:30101/TCP   5d

NAME                                      ADDRESSTYPE   PORTS   ENDPOINTS           AGE
endpointslice.discovery.k8s.io/np-x7k2p   IPv4          8080    10.1.0.1,10.1.0.2   <unknown>
`)
  })

  test('shows the first line of a text that has several, and no escape sequence', () => {
    const odd = service({ name: 'odd', type: 'ExternalName', externalName: 'a\x1b[31m\nb' })
    expect(get([odd], { headers: false })).toContain('   a^[[31m...   ')
  })
})

describe('a cell for the outside of a Service', () => {
  const lb = { name: 's', type: 'LoadBalancer' } as const
  test.each<[string, ServiceWish, string]>([
    [
      'addresses of a balancer',
      { ...lb, ingress: [{ ip: '2.3.4.5' }, { ip: '3.4.5.6' }] },
      '2.3.4.5,3.4.5.6',
    ],
    // The server prints its cells as for a wide table, so kubectl never sees them cut.
    [
      'many addresses of a balancer',
      {
        ...lb,
        ingress: [{ ip: '5.6.7.8' }, { ip: '2.3.4.5' }, { ip: '3.4.5.6' }, { ip: '2.3.4.5' }],
      },
      '2.3.4.5,3.4.5.6,5.6.7.8',
    ],
    ['a balancer that is not there yet', lb, '<pending>'],
    [
      'a balancer with an address and a name',
      { ...lb, ingress: [{ ip: '3.4.5.6', hostname: 'lb' }], externalIPs: ['80.11.12.10'] },
      '3.4.5.6,80.11.12.10',
    ],
    ['external addresses alone', { ...lb, externalIPs: ['80.11.12.10'] }, '80.11.12.10'],
    [
      'external addresses of a ClusterIP',
      { name: 's', externalIPs: ['1.1.1.1', '2.2.2.2'] },
      '1.1.1.1,2.2.2.2',
    ],
    ['nothing', { name: 's' }, '<none>'],
    ['another name', { name: 's', type: 'ExternalName', externalName: 'db' }, 'db'],
    ['a type nobody knows', { name: 's', type: 'Other' as 'ClusterIP' }, '<unknown>'],
  ])('%s', (_, wish, cell) => {
    expect(get([service(wish)], { headers: false }).split(/ {2,}/)[3]).toBe(cell)
  })
})

test.each([
  [[{ port: 80 }, { port: 8090, protocol: 'UDP' }], '80/TCP,8090/UDP'],
  [[{ port: 8888, nodePort: 9999, protocol: 'tcp' }], '8888:9999/tcp'],
  [[{ port: 8000 }, { port: 7777, protocol: 'SCTP' }], '8000/TCP,7777/SCTP'],
  [[], '<none>'],
])('ports %j', (ports, cell) => {
  const one = service({ name: 's', ports: ports as ServiceWish['ports'] & {} })
  expect(get([one], { headers: false }).split(/ {2,}/)[4]).toBe(cell)
})

describe('objects', () => {
  const fields = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'np' } }
  const one = { listing: listing(services, [{ object: service({ name: 'np' }), fields }]) }

  test('a named one stands bare, others in a list', () => {
    const yaml = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: np\n'
    expect(out([{ ...one, names: ['np'] }], { output: 'yaml' })).toBe(yaml)
    expect(out([one], { output: 'yaml' })).toBe(`\
apiVersion: v1
items:
- apiVersion: v1
  kind: Service
  metadata:
    name: np
kind: List
metadata:
  resourceVersion: ""
`)
  })

  test('no objects are an empty list', () => {
    expect(out([one], { output: 'json', namespace: 'other' })).toBe(`\
{
    "apiVersion": "v1",
    "items": [],
    "kind": "List",
    "metadata": {
        "resourceVersion": ""
    }
}
`)
  })
})

describe('what is not there', () => {
  const np = { listing: listing(services, [entry(service({ name: 'np' }))]) }

  test('nothing at all is said on standard error', () => {
    expect(answer([np], { namespace: 'empty' })).toEqual({
      out: '',
      err: 'No resources found in empty namespace.\n',
      code: 0,
    })
    expect(answer([{ listing: listing(services, []) }], { allNamespaces: true }).err).toBe(
      'No resources found\n',
    )
    expect(answer([{ listing: listing(nodes, []) }], {}).err).toBe('No resources found\n')
  })

  test('a name is missed, and the others are shown', () => {
    const { out, err, code } = answer([{ ...np, names: ['nope', 'np'] }], { output: 'name' })
    expect(out).toBe('service/np\n')
    expect(err).toBe('Error from server (NotFound): services "nope" not found\n')
    expect(code).toBe(1)
  })

  test('a name may be missed in silence', () => {
    const options = { ignoreNotFound: true }
    expect(answer([{ ...np, names: ['nope'] }], options)).toEqual({ out: '', err: '', code: 0 })
  })

  test('a kind outside the core group says its group', () => {
    const none = { listing: listing(endpointSlices, []), names: ['x'] }
    expect(answer([none], {}).err).toBe(
      'Error from server (NotFound): endpointslices.discovery.k8s.io "x" not found\n',
    )
  })

  test('a selector that cannot be read', () => {
    expect(badSelector(services, 'a b', String(parseLabelSelector('a b')))).toBe(
      `Error from server (BadRequest): Unable to find "/v1, Resource=services" that match label selector "a b", field selector "": unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt\n`,
    )
  })
})

const day = 86_400_000
const origin = {
  document: { source: { name: '', text: '' }, start: 0, end: 0, language: 'yaml', ordinal: 0 },
  path: [],
} as const

function aged(age: string, wish: ServiceWish): Service {
  const units: Record<string, number> = { s: 1000, h: 3_600_000, d: 86_400_000 }
  const parts = [...age.matchAll(/(\d+)([a-z])/g)]
  const duration = parts.reduce((sum, [, n, unit = '']) => sum + Number(n) * (units[unit] ?? 0), 0)
  const creationTimestamp = new Date(now - duration).toISOString()
  return service({ ...wish, fields: { metadata: { name: wish.name, creationTimestamp } } })
}

function entry(object: Service) {
  return { object, fields: object.fields }
}

function get(objects: readonly Service[], options: Partial<GetOptions> = {}): string {
  return out([{ listing: listing(services, objects.map(entry)) }], options)
}

function out(requests: readonly Request[], options: Partial<GetOptions>): string {
  const { out, err } = answer(requests, options)
  expect(err).toBe('')
  return out
}

function answer(requests: readonly Request[], options: Partial<GetOptions>) {
  return printGet(requests, {
    output: 'table',
    namespace: 'default',
    allNamespaces: false,
    headers: true,
    showLabels: false,
    labelColumns: [],
    ignoreNotFound: false,
    now,
    ...options,
  })
}
