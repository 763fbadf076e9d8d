import { expect, test } from '@jest/globals'
import { parseCIDR } from '../../../src/address/cidr.ts'
import { type Compiled, compile } from '../../../src/compile.ts'
import { defaultPools } from '../../../src/pool/allocate.ts'
import { defaultSettings } from '../../../src/table/service-settings.ts'
import { graphOfCluster, graphOfView } from '../../../src/text/graph/graph-of.ts'

const node = (name: string, address: string): string => `
---
apiVersion: v1
kind: Node
metadata: {name: ${name}}
status: {addresses: [{type: InternalIP, address: ${address}}]}
`

const pod = (name: string, on: string, ...ips: readonly string[]): string => `
---
apiVersion: v1
kind: Pod
metadata: {name: ${name}, labels: {app: web}}
spec: {nodeName: ${on}, containers: [{name: web}]}
status:
  phase: Running
  podIPs: [${ips.map((ip) => `{ip: "${ip}"}`).join(', ')}]
  conditions: [{type: Ready, status: "True"}]
`

const service = (spec: string): string => `
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80, nodePort: 30080}], ${spec}}
`

const cluster =
  node('a', '192.0.2.1') +
  node('b', '192.0.2.2') +
  pod('web-1', 'a', '10.0.0.1', 'fd00::1') +
  pod('web-2', 'b', '10.0.1.1', 'fd00::2')

test('a pod of two families is one target', () => {
  const graph = graphOfCluster(
    '',
    compiled(service('type: NodePort, ipFamilyPolicy: RequireDualStack')),
  )
  expect(graph.services[0]?.targets).toMatchObject([
    { name: 'web-1', address: '10.0.0.1, fd00::1', arrivals: [{ port: 80, weight: 1 }] },
    { name: 'web-2', address: '10.0.1.1, fd00::2' },
  ])
})

test('all nodes are in the picture of all, and all pods whatever the policy', () => {
  const graph = graphOfCluster(
    '',
    compiled(service('type: NodePort, externalTrafficPolicy: Local')),
  )
  expect(graph.nodes.map(({ name }) => name)).toEqual(['a', 'b'])
  expect(namesIn(graph)).toEqual(['web-1', 'web-2'])
})

test('the picture of one node has the pods that it sends to', () => {
  const graph = graphOfView('', compiled(service('type: NodePort, externalTrafficPolicy: Local')))
  expect(graph.nodes).toEqual([{ name: 'a', addresses: ['192.0.2.1'] }])
  expect(namesIn(graph)).toEqual(['web-1'])
})

test('a headless Service has pods and no address', () => {
  const headless = service('clusterIP: None').replace(', nodePort: 30080', '')
  const graph = graphOfCluster('', compiled(headless))
  expect(graph.services[0]?.ports).toMatchObject([{ clusterIPs: [], externalIPs: [] }])
  expect(namesIn(graph)).toEqual(['web-1', 'web-2'])
})

test('an external name is no way to anybody here', () => {
  const text = service('type: ExternalName, externalName: example.com').replace(
    /ports: .*?\], /,
    '',
  )
  expect(graphOfCluster('', compiled(text)).services).toEqual([])
})

function namesIn({ services }: ReturnType<typeof graphOfView>): string[] {
  return services.flatMap(({ targets }) => targets.map(({ name }) => name))
}

function compiled(text: string): Compiled {
  const serviceCIDRs = ['10.96.0.0/12', 'fd00:96::/108'].flatMap((it) => parseCIDR(it) ?? [])
  return compile([{ name: 'web.yaml', text: cluster + text }], {
    held: new Map(),
    pools: { ...defaultPools, serviceCIDRs },
    settings: defaultSettings,
    view: {
      role: 'node',
      node: 'a',
      nodeIPs: [],
      nodePortAddresses: [],
      host: { name: 'elsewhere', addresses: [] },
    },
  })
}
