import { expect } from '@jest/globals'
import type { Lab } from '../lab.ts'
import { manifestsOf, type ServiceWish } from './manifests.ts'
import { foundTown, type Town } from './town.ts'

// What nodeport says of a flow is held against what packets do.

const services: readonly ServiceWish[] = [
  { name: 'web', clusterIPs: ['10.96.0.10', 'fd00:96::10'], nodePort: 30080 },
  {
    name: 'local',
    clusterIPs: ['10.96.0.11', 'fd00:96::11'],
    nodePort: 30310,
    spec: { externalTrafficPolicy: 'Local' },
  },
  {
    name: 'fenced',
    clusterIPs: ['10.96.0.12'],
    nodePort: 30107,
    type: 'LoadBalancer',
    spec: { loadBalancerSourceRanges: ['10.244.0.0/16'] },
    ingress: ['198.51.100.7'],
  },
  { name: 'empty', clusterIPs: ['10.96.0.13'], nodePort: 30090, pods: [] },
  { name: 'dns', clusterIPs: ['10.96.0.14'], nodePort: 30053, protocol: 'UDP' },
]

export const destinations = [
  ...['tcp:192.168.10.10:30080', 'tcp:192.168.10.10:30310', 'tcp:192.168.10.10:30090'],
  ...['tcp:192.168.10.10:31000', 'udp:192.168.10.10:30053', 'tcp:[fd00:10::10]:30080'],
  ...['tcp:10.96.0.10:80', 'tcp:10.96.0.10:81', 'tcp:10.96.0.11:80', 'tcp:10.96.0.13:80'],
  ...['udp:10.96.0.14:80', 'tcp:10.96.0.99:80', 'tcp:198.51.100.7:80', 'tcp:[fd00:96::10]:80'],
]

export const clients = {
  client: ['192.168.10.100', 'fd00:10::100'],
  'web-1': ['10.244.1.57', 'fd00:244:1::57'],
  'web-2': ['10.244.1.58', 'fd00:244:1::58'],
  'node-a': undefined,
} as const
export type Client = keyof typeof clients

/** Seconds; nobody in the lab needs as long. */
const patience = 0.7

export interface Flow {
  readonly client: Client
  readonly target: string
}

/** A town whose clients know a way to everything that is asked. */
export async function foundAskedTown(lab: Lab): Promise<Town> {
  const town = await foundTown(lab)
  for (const node of ['node-a', 'node-b'] as const) {
    await town.apply(node, manifestsOf(services))
  }
  // Refusals are ICMP, of which the kernel sends a client one a second: here all may come.
  await town.sh('node-a', 'sysctl -w net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0')
  const routes = ['10.96.0.0/16', '198.51.100.0/24'].map(
    (block) => `ip route add ${block} via 192.168.10.10`,
  )
  await town.sh('client', [...routes, 'ip route add fd00:96::/112 via fd00:10::10'].join(' && '))
  return town
}

/** Asks each target as often as it has real servers, so that each is met once. */
export async function compare(town: Town, flows: readonly Flow[]): Promise<void> {
  const told: { readonly flow: Flow; readonly expected: readonly string[] }[] = []
  for (const flow of flows) told.push({ flow, expected: await explained(town, flow) })
  // Whoever asks the same at the same time would take turns with others.
  const targets = new Map<string, (typeof told)[number][]>()
  for (const one of told) {
    targets.set(one.flow.target, [...(targets.get(one.flow.target) ?? []), one])
  }
  const heard = new Map<Flow, readonly string[]>()
  const inTurn = [...targets.values()].map(async (all) => {
    for (const { flow, expected } of all) {
      const [answers = []] = await town.ask(
        flow.client,
        [`${flow.target}*${expected.length}`],
        patience,
      )
      heard.set(flow, answers.map(inWords).sort())
    }
  })
  await Promise.all(inTurn)
  const real = told.map(({ flow }) => ({ flow, answers: heard.get(flow) }))
  const said = told.map(({ flow, expected }) => ({ flow, answers: [...expected].sort() }))
  expect(said).toEqual(real)
}

async function explained(town: Town, { client, target }: Flow): Promise<readonly string[]> {
  const [, protocol = '', place = ''] = /^(\w+):(.*)$/.exec(target) ?? []
  const address = place.slice(0, place.lastIndexOf(':')).replace(/^\[|\]$/g, '')
  // To an address of its own a machine speaks from that address.
  const [old, young] = clients[client] ?? [address, address]
  const source = address.includes(':') ? young : old
  const suffix = protocol === 'tcp' ? '' : `/${protocol}`
  const words = ['explain', `${source} -> ${place}${suffix}`, '-o', 'json']
  const { stdout, stderr } = await town.nodeport('node-a', words)
  if (stdout === '') throw new Error(stderr)
  const { client: fate, ways } = JSON.parse(stdout)
  if (ways.length === 0) return [wordFor(fate)]
  return ways.map((way: { client: string; seenAs?: string }) => way.seenAs ?? wordFor(way.client))
}

/** An answer is known by whom the pod saw. */
function inWords(answer: string): string {
  const [pod, seen] = answer.split(' ')
  if (seen !== undefined && pod?.startsWith('web-')) return seen
  return answer === 'timeout' || answer === 'no-host' || answer === 'no-net' ? 'nothing' : answer
}

function wordFor(fate: string): string {
  return fate === 'refused' ? fate : 'nothing'
}
