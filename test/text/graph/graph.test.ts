import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { printGraph } from '../../../src/text/graph/graph.ts'
import type { Graph, GraphService, GraphTarget } from '../../../src/text/graph/model.ts'

const pod = (name: string, address: string, more: Partial<GraphTarget> = {}): GraphTarget => ({
  name,
  address,
  simulated: false,
  arrivals: [{ port: 80, weight: 1 }],
  ...more,
})

const myapp: GraphService = {
  namespace: 'default',
  name: 'myapp',
  type: 'NodePort',
  ports: [
    {
      protocol: 'TCP',
      port: 80,
      clusterIPs: ['10.101.173.202', 'fd00::1'],
      nodePort: 30303,
      externalIPs: ['203.0.113.7'],
    },
  ],
  targets: [
    pod('myapp-1', '10.244.1.57'),
    pod('myapp-2', '10.244.1.58', {
      simulated: true,
      arrivals: [
        { port: 80, weight: 2 },
        { port: 443, weight: 2 },
      ],
    }),
    pod('myapp-3', '10.244.2.50', {
      arrivals: [
        { port: 80, weight: 1 },
        { port: 443, weight: 3 },
      ],
    }),
  ],
}

const graph: Graph = {
  title: 'web.yaml',
  nodes: [{ name: 'node-1', addresses: ['192.168.10.10', 'fd00::10'] }],
  services: [myapp],
}

const lonely: GraphService = { ...myapp, name: 'lonely', targets: [] }
const director: Graph = { ...graph, nodes: [] }

test('Mermaid draws a flowchart', () => {
  expect(printGraph({ ...graph, services: [myapp, lonely] }, 'mermaid')).toBe(`\
---
title: "web.yaml"
---
flowchart LR
  client(["client"])
  subgraph nodes
    node0["node-1<br/>192.168.10.10<br/>fd00::10"]
  end
  service0[["myapp<br/>default · NodePort"]]
  client -->|"TCP 30303"| nodes
  client -->|"TCP 203.0.113.7:80"| nodes
  nodes -->|"TCP 10.101.173.202:80"| service0
  nodes -->|"TCP [fd00::1]:80"| service0
  service0_0("myapp-1<br/>10.244.1.57")
  service0 -->|":80"| service0_0
  service0_1("myapp-2<br/>10.244.1.58<br/>simulated"):::simulated
  service0 -->|":80, :443 weight 2"| service0_1
  service0_2("myapp-3<br/>10.244.2.50")
  service0 -->|":80, :443 weight 3"| service0_2
  service1[["lonely<br/>default · NodePort"]]
  client -->|"TCP 30303"| nodes
  client -->|"TCP 203.0.113.7:80"| nodes
  nodes -->|"TCP 10.101.173.202:80"| service1
  nodes -->|"TCP [fd00::1]:80"| service1
  service1 -.-> service1_nobody("nobody answers")
  classDef simulated stroke-dasharray: 4 3
`)
})

test('Graphviz draws a directed graph', () => {
  expect(printGraph(director, 'dot')).toBe(`\
digraph "web.yaml" {
  rankdir=LR
  ranksep=1.2
  node [shape=box style=rounded fontname="Helvetica"]
  edge [fontname="Helvetica" fontsize=11]
  client [label="client" shape=oval]
  service0 [label="myapp\\ndefault, NodePort" shape=component style=solid]
  client -> service0 [label="TCP 30303"]
  client -> service0 [label="TCP 203.0.113.7:80"]
  client -> service0 [label="TCP 10.101.173.202:80"]
  client -> service0 [label="TCP [fd00::1]:80"]
  service0_0 [label="myapp-1\\n10.244.1.57"]
  service0 -> service0_0 [label=":80"]
  service0_1 [label="myapp-2\\n10.244.1.58\\nsimulated" style="rounded,dashed"]
  service0 -> service0_1 [label=":80, :443 weight 2"]
  service0_2 [label="myapp-3\\n10.244.2.50"]
  service0 -> service0_2 [label=":80, :443 weight 3"]
}
`)
})

test('a text is never taken for anything but a text', () => {
  const odd = '"];<b>&\\n#`|\x1b'
  const evil: Graph = {
    title: odd,
    nodes: [{ name: odd, addresses: [odd] }],
    services: [{ ...myapp, name: odd, namespace: odd, type: odd, targets: [pod(odd, odd)] }],
  }
  expect(printGraph(evil, 'mermaid')).toContain(
    '  service0_0("#34;]#59;#60;b#62;#38;#92;n#35;#96;#124;#27;<br/>',
  )
  expect(printGraph(evil, 'dot')).toContain('label="\\"];<b>&\\\\n#`|\\\\x1b')
  expect(printGraph(evil, 'svg')).toContain('>&#34;];&#60;b&#62;&#38;\\n#`|\\x1b<')
})

test('of many pods and nodes the first are shown', () => {
  const targets = Array.from({ length: 40 }, (_, index) => pod(`pod-${index}`, '10.0.0.1'))
  const nodes = Array.from({ length: 9 }, (_, index) => ({ name: `node-${index}`, addresses: [] }))
  for (const format of ['mermaid', 'dot', 'svg'] as const) {
    const text = printGraph({ ...graph, nodes, services: [{ ...myapp, targets }] }, format)
    expect(text).toContain('pod-10')
    expect(text).not.toContain('pod-11')
    expect(text).toContain('29 more')
    expect(text).toContain('node-6')
    expect(text).toContain('2 more')
  }
})

describe('a picture', () => {
  test('says what it shows to those who do not see it', () => {
    const svg = printGraph(graph, 'svg')
    expect(svg).toContain('role="img" aria-labelledby="nodeport-title nodeport-description"')
    expect(svg).toContain('<title id="nodeport-title">web.yaml</title>')
    expect(svg).toContain(
      '1 nodes. default/myapp: TCP 30303, TCP 203.0.113.7:80, TCP 10.101.173.202:80, TCP [fd00::1]:80, answered by 3.',
    )
  })

  const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,62}$/)
  const address = fc.constantFrom('10.0.0.1', '2001:db8:1234:5678:9abc:def0:1234:5678')
  const some = <T>(it: fc.Arbitrary<T>, maxLength: number) => fc.array(it, { maxLength })
  const arbitrary: fc.Arbitrary<Graph> = fc.record({
    title: name,
    nodes: some(fc.record({ name, addresses: some(address, 2) }), 10),
    services: some(
      fc.record({
        namespace: name,
        name,
        type: fc.constantFrom('NodePort', 'ClusterIP'),
        ports: some(
          fc.record({
            protocol: fc.constantFrom('TCP', 'SCTP'),
            port: fc.constantFrom(1, 65535),
            clusterIPs: some(address, 2),
            nodePort: fc.option(fc.constant(30000), { nil: undefined }),
            externalIPs: some(address, 2),
          }),
          5,
        ),
        targets: some(
          fc.record({
            name,
            address,
            simulated: fc.boolean(),
            arrivals: some(
              fc.record({ port: fc.constant(8080), weight: fc.constantFrom(1, 200) }),
              3,
            ),
          }),
          15,
        ),
      }),
      20,
    ),
  })

  test('has room for everything in it', () => {
    fc.assert(
      fc.property(arbitrary, (it) => {
        const svg = printGraph(it, 'svg')
        const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg)?.map(Number) ?? []
        const all = [...boxesOf(svg), ...labelsOf(svg)]
        const outside = all.filter(
          ({ left, right, top, bottom }) =>
            left < 0 || right > (width ?? 0) || top < 0 || bottom > (height ?? 0),
        )
        const clashing = all.filter((a, index) => all.slice(index + 1).some((b) => overlaps(a, b)))
        expect([outside, clashing]).toEqual([[], []])
      }),
      { numRuns: 60 },
    )
  })

  test('has boxes as wide as their lines', () => {
    fc.assert(
      fc.property(arbitrary, (it) => {
        for (const [group = ''] of printGraph(it, 'svg').matchAll(/<g>.*<\/g>/g)) {
          const [box] = boxesOf(group)
          for (const [, text = ''] of group.matchAll(/<text[^>]*>([^<]*)</g)) {
            expect(text.length * 7.22).toBeLessThan((box?.right ?? 0) - (box?.left ?? 0))
          }
        }
      }),
      { numRuns: 20 },
    )
  })
})

interface Area {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

function boxesOf(svg: string): Area[] {
  const rect = /<g><rect class="[^"]*" x="(.*?)" y="(.*?)" width="(.*?)" height="(.*?)"/g
  return [...svg.matchAll(rect)].map((match) => {
    const [, x = 0, y = 0, width = 0, height = 0] = match.map(Number)
    return { left: x, right: x + width, top: y, bottom: y + height }
  })
}

/** What is written on arrows: letters of a monospaced font of 12 are 7.22 wide. */
function labelsOf(svg: string): Area[] {
  const label = /\/><text class="middle" x="(.*?)" y="(.*?)">([^<]*)</g
  return [...svg.matchAll(label)].map(([, x, y, text = '']) => {
    const half = (text.length * 7.22) / 2
    return {
      left: Number(x) - half,
      right: Number(x) + half,
      top: Number(y) - 10,
      bottom: Number(y) + 3,
    }
  })
}

function overlaps(a: Area, b: Area): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}
