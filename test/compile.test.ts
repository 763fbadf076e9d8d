import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { withPort } from '../src/address/ip.ts'
import { type Compiled, compile } from '../src/compile.ts'
import { defaultPools } from '../src/pool/allocate.ts'
import { defaultSettings } from '../src/table/service-settings.ts'
import type { ViewOptions } from '../src/table/view.ts'
import { identityOf, type Table } from '../src/table/virtual-server.ts'

const story = `\
apiVersion: v1
kind: Service
metadata:
  name: myapp
  annotations:
    nodeport.io/scheduler: wrr
    nodeport.io/thresholds: 100,80
spec:
  type: NodePort
  selector:
    app: myapp
  ports:
  - name: http
    port: 80
    targetPort: http
    nodePort: 30303
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: myapp-deploy
spec:
  replicas: 3
  selector:
    matchLabels:
      app: myapp
  template:
    metadata:
      labels:
        app: myapp
      annotations:
        nodeport.io/weight: "5"
    spec:
      containers:
      - name: myapp
        image: ikubernetes/myapp:v1
        ports:
        - name: http
          containerPort: 80
---
apiVersion: v1
kind: Service
metadata:
  name: lb
spec:
  type: LoadBalancer
  clusterIP: 10.96.7.7
  selector:
    app: lb
  externalIPs: [198.51.100.7]
  externalTrafficPolicy: Local
  sessionAffinity: ClientIP
  ports:
  - port: 443
    nodePort: 30443
status:
  loadBalancer:
    ingress:
    - ip: 203.0.113.40
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: lb-abcde
  labels:
    kubernetes.io/service-name: lb
addressType: IPv4
ports:
- name: ""
  port: 8443
  protocol: TCP
endpoints:
- addresses: [10.244.1.5]
  nodeName: node-a
  hints:
    forZones:
    - name: z1
- addresses: [10.244.2.5]
  nodeName: node-b
  conditions:
    ready: false
    terminating: true
---
apiVersion: v1
kind: Endpoints
metadata:
  name: outside
subsets:
- addresses:
  - ip: 192.0.2.55
  ports:
  - port: 5432
---
apiVersion: v1
kind: Service
metadata:
  name: outside
spec:
  ports:
  - port: 5432
---
apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  selector:
    app: db
  ports:
  - port: 3306
---
apiVersion: v1
kind: Pod
metadata:
  name: db-0
  labels:
    app: db
spec:
  nodeName: node-a
  containers:
  - name: db
    image: db
status:
  phase: Running
  podIPs:
  - ip: 10.244.1.9
  conditions:
  - type: Ready
    status: "True"
---
apiVersion: v1
kind: Node
metadata:
  name: node-a
  labels:
    topology.kubernetes.io/zone: z1
spec:
  podCIDR: 10.244.1.0/24
status:
  addresses:
  - type: InternalIP
    address: 192.168.10.10
---
apiVersion: v1
kind: Node
metadata:
  name: node-b
spec:
  podCIDR: 10.244.2.0/24
status:
  addresses:
  - type: InternalIP
    address: 192.168.10.11
`

describe('manifests become a table', () => {
  const { table, diagnostics } = compileOn('node-a', story)

  test('without a mistake', () => {
    expect(diagnostics).toMatchObject([{ severity: 'warning', code: 'external-ips-deprecated' }])
  })

  test('with the cluster IP and the node port of every Service', () => {
    expect(
      table.map(identityOf).map((identity) => identity.replace(/ 10\.[0-9.]+:/, ' own:')),
    ).toEqual([
      'TCP own:3306',
      'TCP own:443',
      'TCP 198.51.100.7:443',
      'TCP 203.0.113.40:443',
      'TCP 192.168.10.10:30443',
      'TCP own:80',
      'TCP 192.168.10.10:30303',
      'TCP own:5432',
    ])
  })

  test('with made-up pods where there are none yet, marked as such', () => {
    const servers = table.filter(({ cause }) => cause?.service === 'default/myapp')
    expect(servers).toHaveLength(2)
    for (const { scheduler, realServers } of servers) {
      expect(scheduler).toBe('wrr')
      expect(
        realServers.map(({ weight, upperThreshold, lowerThreshold, simulated }) => [
          weight,
          upperThreshold,
          lowerThreshold,
          simulated,
        ]),
      ).toEqual(Array(3).fill([5, 100, 80, true]))
    }
  })

  test('with the place that asked for each row', () => {
    const asked = table.map(({ cause }) => {
      const { source, start, end } = cause?.place?.span() ?? {}
      return source?.text.slice(start, end)
    })
    expect(asked).toEqual([
      '3306',
      '443',
      '198.51.100.7',
      '203.0.113.40',
      '30443',
      '80',
      '30303',
      '5432',
    ])
  })

  test('that is the same on every node but for its own addresses', () => {
    const other = compileOn('node-b', story).table
    const rows = rowsOf(other).map((row) => row.replace('192.168.10.11', '192.168.10.10'))
    const isElsewhere = (row: string): boolean => !row.includes('443')
    expect(rows.filter(isElsewhere)).toEqual(rowsOf(table).filter(isElsewhere))
  })
})

describe('of all manifests', () => {
  const documents = story.split('---\n')
  const lines = story.split('\n')
  const junk = fc.constantFrom(
    '',
    '~',
    '-1',
    '0',
    '70000',
    '4294967296',
    '1e9',
    '0.5',
    'true',
    '[]',
    '{}',
    '[1, {a: b}]',
    '"::"',
    '10.0.0.0/8',
    '2001:db8::1',
    'Local',
    'None',
    '"\\u0000"',
    '__proto__',
  )
  const change = fc.tuple(fc.constantFrom('set', 'drop', 'repeat', 'indent'), fc.nat(), junk)

  test('none makes the compiler throw, and virtual servers stay unique', () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const text = mutate(changes)
        for (const { table } of [compileOn('node-a', text), compileBefore(text)]) {
          expect(new Set(table.map(identityOf)).size).toBe(table.length)
        }
      }),
      { numRuns: 300 },
    )
  })

  test('a version by the name of what every JavaScript object has is as unknown as any other', () => {
    const { diagnostics } = compileOn('node-a', 'apiVersion: __proto__\nkind: Service\n')
    expect(diagnostics).toMatchObject([{ code: 'unknown-kind' }])
  })

  test('the order of documents makes no difference', () => {
    const rows = rowsOf(compileOn('node-a', story).table)
    fc.assert(
      fc.property(fc.shuffledSubarray(documents, { minLength: documents.length }), (shuffled) => {
        const text = shuffled.map((document) => `${document}---\n`).join('')
        expect(rowsOf(compileOn('node-a', text).table)).toEqual(rows)
      }),
      { numRuns: 30 },
    )
  })

  function mutate(changes: readonly (readonly [string, number, string])[]): string {
    const changed = [...lines]
    for (const [how, where, value] of changes) {
      const at = where % changed.length
      const line = changed[at] ?? ''
      if (how === 'set') changed[at] = line.replace(/(: |- )?[^:-]*$/, `$1${value}`)
      else if (how === 'drop') changed.splice(at, 1)
      else if (how === 'repeat') changed.splice(at, 0, line)
      else changed[at] = `  ${line}`
    }
    return changed.join('\n')
  }
})

test('a director needs nothing but Services and Nodes', () => {
  const { table } = compileBefore(story)
  expect(table.map(identityOf)).toEqual(['TCP 198.51.100.7:443', 'TCP 203.0.113.40:443'])
  expect(table[0]?.realServers.map(({ address, port }) => `${address}:${port}`)).toEqual([
    '192.168.10.10:30443',
  ])
})

/** Each virtual server with its real servers, in the order of the table. */
function rowsOf(table: Table): string[] {
  return table.map((server) => {
    const { scheduler, flags, timeout, realServers } = server
    const behind = realServers.map((it) => ` ${withPort(it.address, it.port)} ${it.weight}`)
    return `${identityOf(server)} ${scheduler} ${flags} ${timeout} ->${behind.join()}`
  })
}

function compileOn(node: string, text: string): Compiled {
  const host = { name: 'elsewhere', addresses: [] }
  return compileFor({ role: 'node', node, nodeIPs: [], nodePortAddresses: [], host }, text)
}

function compileBefore(text: string): Compiled {
  return compileFor({ role: 'director', vips: [], backends: [] }, text)
}

function compileFor(view: ViewOptions, text: string): Compiled {
  const options = { held: new Map(), pools: defaultPools, settings: defaultSettings, view }
  return compile([{ name: 'story.yaml', text }], options)
}
