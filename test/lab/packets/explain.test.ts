import { beforeAll, expect, test } from '@jest/globals'
import { inPacketLab } from '../lab.ts'
import { manifestsOf, type ServiceWish } from './manifests.ts'
import { foundTown, type Town } from './town.ts'

// What nodeport says of a flow is held against what packets do: in machines that are well, and in
// machines that are broken in one way.

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

const destinations = [
  ...['tcp:192.168.10.10:30080', 'tcp:192.168.10.10:30310', 'tcp:192.168.10.10:30090'],
  ...['tcp:192.168.10.10:31000', 'udp:192.168.10.10:30053', 'tcp:[fd00:10::10]:30080'],
  ...['tcp:10.96.0.10:80', 'tcp:10.96.0.10:81', 'tcp:10.96.0.11:80', 'tcp:10.96.0.13:80'],
  ...['udp:10.96.0.14:80', 'tcp:10.96.0.99:80', 'tcp:198.51.100.7:80', 'tcp:[fd00:96::10]:80'],
]

const clients = {
  client: ['192.168.10.100', 'fd00:10::100'],
  'web-1': ['10.244.1.57', 'fd00:244:1::57'],
  'web-2': ['10.244.1.58', 'fd00:244:1::58'],
  'node-a': undefined,
} as const
type Client = keyof typeof clients

/** Seconds; nobody in the lab needs as long. */
const patience = 0.7

interface Flow {
  readonly client: Client
  readonly target: string
}

const usual: readonly Flow[] = (['client', 'web-1'] as const).flatMap((client) =>
  ['tcp:192.168.10.10:30080', 'tcp:10.96.0.10:80'].map((target) => ({ client, target })),
)

const states: readonly (readonly [what: string, breaking: string, mending: string])[] = [
  ['nothing is broken', ':', ':'],
  ['nothing is sent on', 'sysctl -w net.ipv4.ip_forward=0', 'sysctl -w net.ipv4.ip_forward=1'],
  [
    'nothing is sent on from pods',
    'sysctl -w net.ipv4.conf.cni0.forwarding=0',
    'sysctl -w net.ipv4.conf.cni0.forwarding=1',
  ],
  ['nothing is tracked', 'sysctl -w net.ipv4.vs.conntrack=0', 'sysctl -w net.ipv4.vs.conntrack=1'],
  ['our rules are gone', 'nft delete table inet nodeport', 'nodeport restore'],
  [
    'one of our rules is gone',
    'nft delete element inet nodeport servers4 { 192.168.10.10 . tcp . 30080 }',
    'nodeport restore',
  ],
  ['nobody is masqueraded any more', 'nft flush chain inet nodeport cluster', 'nodeport restore'],
  [
    'an older firewall lets nothing in',
    'iptables-legacy -P INPUT DROP',
    'iptables-legacy -P INPUT ACCEPT',
  ],
  [
    'an older firewall lets nothing through',
    'iptables-legacy -P FORWARD DROP',
    'iptables-legacy -P FORWARD ACCEPT',
  ],
  [
    'bridges ask an older firewall that lets nothing through',
    'sysctl -w net.bridge.bridge-nf-call-iptables=1; iptables-legacy -P FORWARD DROP',
    'sysctl -w net.bridge.bridge-nf-call-iptables=0; iptables-legacy -P FORWARD ACCEPT',
  ],
  ['the interface of the addresses is gone', 'ip link del nodeport0', 'nodeport restore'],
  ['nothing is let in', wall('input'), 'nft delete table inet wall'],
  ['nothing is let through', wall('forward'), 'nft delete table inet wall'],
  ['nothing is let out', wall('output'), 'nft delete table inet wall'],
  ['a virtual server is gone', 'ipvsadm -D -t 192.168.10.10:30080', 'nodeport restore'],
  ['an address is gone', 'ip address del 10.96.0.10/32 dev nodeport0', 'nodeport restore'],
  [
    'all real servers are drained',
    'for ip in 10.244.1.57 10.244.1.58 10.244.2.50; do ipvsadm -e -t 192.168.10.10:30080 -r $ip:8080 -m -w 0; done',
    'nodeport restore',
  ],
  [
    'there is no way to a pod',
    'ip route replace unreachable 10.244.2.0/24',
    'ip route replace 10.244.2.0/24 via 192.168.10.11',
  ],
]

inPacketLab('what is explained', (lab) => {
  let town: Town

  beforeAll(async () => {
    town = await foundTown(lab)
    for (const node of ['node-a', 'node-b'] as const) {
      await town.apply(node, manifestsOf(services))
    }
    // Refusals are ICMP, of which the kernel sends a client one a second: here all may come.
    await town.sh('node-a', 'sysctl -w net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0')
    const routes = ['10.96.0.0/16', '198.51.100.0/24'].map(
      (block) => `ip route add ${block} via 192.168.10.10`,
    )
    await town.sh('client', [...routes, 'ip route add fd00:96::/112 via fd00:10::10'].join(' && '))
  }, 90_000)

  test.each(states)('is what packets do where %s', async (_, breaking, mending) => {
    await town.sh('node-a', breaking)
    try {
      await compare(usual)
    } finally {
      await town.sh('node-a', `${town.withLedger('node-a')}${mending}`)
    }
  })

  test.each([0, 10, 20, 30, 40])('is what packets do, of ten in fifty flows: %d', async (from) => {
    await compare(drawn(50).slice(from, from + 10))
  })

  test('is told in words, with the connections that are known', async () => {
    await town.ask('client', ['tcp:192.168.10.10:30310'])
    const words = ['explain', '192.168.10.100 -> 192.168.10.10:30310']
    const { stdout } = await town.nodeport('node-a', words)
    expect(stdout).toMatch(/^192\.168\.10\.100 -> 192\.168\.10\.10:30310\n/)
    expect(stdout).toContain('10.244.1.57:8080  answers, and sees 192.168.10.100\n')
    expect(stdout).toContain('Client:   is answered\n')
    expect(stdout).toMatch(/Known: {4}from port \d+ to 10\.244\.1\.5[78]:8080 {2}\w+, for \d+ s\n/)
  })

  /** Asks each target as often as it has real servers, so that each is met once. */
  async function compare(flows: readonly Flow[]): Promise<void> {
    const told: { readonly flow: Flow; readonly expected: readonly string[] }[] = []
    for (const flow of flows) told.push({ flow, expected: await explained(flow) })
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

  async function explained({ client, target }: Flow): Promise<readonly string[]> {
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
})

/** An answer is known by whom the pod saw. */
function inWords(answer: string): string {
  const [pod, seen] = answer.split(' ')
  if (seen !== undefined && pod?.startsWith('web-')) return seen
  return answer === 'timeout' || answer === 'no-host' || answer === 'no-net' ? 'nothing' : answer
}

function wordFor(fate: string): string {
  return fate === 'refused' ? fate : 'nothing'
}

/** The same fifty each time, none twice. */
function drawn(count: number): readonly Flow[] {
  const names = Object.keys(clients) as Client[]
  const all = names.flatMap((client) => destinations.map((target) => ({ client, target })))
  let seed = 20260101
  const keyed = all.map((flow) => {
    seed = (seed * 1103515245 + 12345) % 2147483648
    return { flow, key: seed }
  })
  const shuffled = keyed.sort((a, b) => a.key - b.key).map(({ flow }) => flow)
  expect(shuffled.length).toBeGreaterThanOrEqual(count)
  return shuffled.slice(0, count)
}

function wall(hook: string): string {
  return `nft -f - <<'X'\ntable inet wall {\n chain c {\n  type filter hook ${hook} priority 5; policy drop;\n }\n}\nX`
}
