import { performance } from 'node:perf_hooks'
import { ipFromWords } from '../src/address/ip.ts'
import type { Diagnostic } from '../src/diagnostic/diagnostic.ts'
import type { Source } from '../src/diagnostic/source.ts'
import { readCluster } from '../src/object/read-cluster.ts'
import { allocate, defaultPools } from '../src/pool/allocate.ts'
import { rosterOf } from '../src/roster/roster.ts'
import { defaultSettings } from '../src/table/service-settings.ts'
import { serversFor, tableFor } from '../src/table/table.ts'
import { nodeView } from '../src/table/view.ts'

// How long each stage of a compile takes, as a ratio to reading, and how much memory is left in use:
//
//     npm run bench:compile -- SERVICES ENDPOINTS ROUNDS
//
// The first round is cold; the figures are the medians of the others.

const stages = ['read', 'allocate', 'index', 'table', 'one Service'] as const
type Times = Record<(typeof stages)[number], number>

function main(services: number, endpoints: number, rounds: number): void {
  const source = { name: 'manifests.yaml', text: manifestsOf(services, endpoints) }
  const times = Array.from({ length: rounds + 1 }, () => measure(source)).slice(1)
  const reading = median(times.map(({ read }) => read))
  say(`${services} Services x ${endpoints} endpoints, ${megabytes(source.text.length)} of YAML`)
  for (const stage of stages) {
    const time = median(times.map((it) => it[stage]))
    const share = `${((100 * time) / reading).toFixed(2)} %`
    say(`${stage.padEnd(12)} ${time.toFixed(2).padStart(9)} ms ${share.padStart(9)} of reading`)
  }
  const kept = compileOnce(source)
  globalThis.gc?.()
  say(
    `heap in use  ${megabytes(process.memoryUsage().heapUsed)} with ${kept.table.length} virtual servers`,
  )
}

const pools = { ...defaultPools, nodePorts: { first: 20_000, last: 65_000 } }
const host = { name: 'node-0', addresses: [{ interface: 'eth0', address: '192.168.10.10' }] }
const options = { role: 'node', node: undefined, nodeIPs: [], nodePortAddresses: [], host } as const

function measure(source: Source): Times {
  globalThis.gc?.()
  return compileOnce(source).times
}

function compileOnce(source: Source) {
  const diagnostics: Diagnostic[] = []
  const report = (diagnostic: Diagnostic): void => void diagnostics.push(diagnostic)
  const marks = [performance.now()]
  const mark = (): void => void marks.push(performance.now())

  const cluster = readCluster([source], {}, report)
  mark()
  const granteds = allocate(cluster.services, new Map(), pools, report)
  mark()
  const roster = rosterOf(cluster, report)
  const view = nodeView(cluster.nodes, options, report)
  mark()
  const table = tableFor(granteds, roster, view, defaultSettings, report)
  mark()
  for (const granted of granteds.slice(0, 1)) {
    serversFor(granted, roster, view, defaultSettings, report)
  }
  mark()

  if (diagnostics.length > 0) throw new Error(diagnostics[0]?.message)
  const [read = 0, ...rest] = marks.slice(1).map((at, index) => at - (marks[index] ?? 0))
  const [allocated = 0, index = 0, tabled = 0, one = 0] = rest
  const times = { read, allocate: allocated, index, table: tabled, 'one Service': one }
  return { cluster, table, times }
}

/** Each Service has one slice; one in five has a node port. */
function manifestsOf(services: number, endpoints: number): string {
  const documents: string[] = []
  for (let index = 0; index < services; index++) {
    const type = index % 5 === 0 ? 'NodePort' : 'ClusterIP'
    documents.push(`apiVersion: v1
kind: Service
metadata:
  name: web-${index}
  namespace: default
spec:
  type: ${type}
  selector:
    app: web-${index}
  ports:
  - name: http
    port: 80
    protocol: TCP
    targetPort: 8080
`)
    const list = Array.from({ length: endpoints }, (_, at) => endpoint(index * endpoints + at))
    documents.push(`apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: web-${index}-abcde
  namespace: default
  labels:
    kubernetes.io/service-name: web-${index}
addressType: IPv4
ports:
- name: http
  port: 8080
  protocol: TCP
endpoints:
${list.join('')}`)
  }
  return documents.join('---\n')
}

function endpoint(index: number): string {
  return `- addresses:
  - ${ipFromWords([0x0ac80000 + index])}
  conditions:
    ready: true
    serving: true
    terminating: false
  nodeName: node-${index % 10}
  targetRef:
    kind: Pod
    name: web-${index}
    namespace: default
`
}

function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[times.length >> 1] ?? 0
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MB`
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

const [services = 10_000, endpoints = 10, rounds = 5] = process.argv.slice(2).map(Number)
main(services, endpoints, rounds)
