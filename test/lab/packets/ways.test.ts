import { beforeAll, describe, expect, test } from '@jest/globals'
import { inPacketLab } from '../lab.ts'
import { manifestsOf, type ServiceWish } from './manifests.ts'
import { asNode, foundTown, type Place, type Town, tally } from './town.ts'

// Every kind of client, policy, protocol and family: who answers, how often, and whose address is
// seen there.

const protocols = ['tcp', 'udp', 'sctp'] as const
const nodePorts = { cluster: 30080, local: 30310 }
const families = ['IPv4', 'IPv6'] as const
type Family = (typeof families)[number]

/** One Service for each protocol and policy; their numbers differ by the protocol. */
const services = protocols.flatMap((protocol, index): ServiceWish[] => {
  const common = { protocol: protocol.toUpperCase() as 'TCP' | 'UDP' | 'SCTP' }
  return [
    {
      ...common,
      name: `cluster-${protocol}`,
      clusterIPs: [`10.96.0.1${index}`, `fd00:96::1${index}`],
      nodePort: nodePorts.cluster + index,
    },
    {
      ...common,
      name: `local-${protocol}`,
      clusterIPs: [`10.96.0.2${index}`, `fd00:96::2${index}`],
      nodePort: nodePorts.local + index,
      spec: { externalTrafficPolicy: 'Local' },
    },
  ]
})

/** As written in the tables below: `A` stands for node-a on the street, `a` on its pods' bridge. */
const addresses: Readonly<Record<string, readonly [string, string]>> = {
  client: ['192.168.10.100', 'fd00:10::100'],
  A: ['192.168.10.10', 'fd00:10::10'],
  B: ['192.168.10.11', 'fd00:10::11'],
  a: ['10.244.1.1', 'fd00:244:1::1'],
  b: ['10.244.2.1', 'fd00:244:2::1'],
  'web-1': ['10.244.1.57', 'fd00:244:1::57'],
  'web-3': ['10.244.2.50', 'fd00:244:2::50'],
}

inPacketLab('packets', (lab) => {
  let town: Town

  beforeAll(async () => {
    town = await foundTown(lab)
    const manifests = manifestsOf(services)
    for (const node of ['node-a', 'node-b'] as const) await town.apply(node, manifests)
    // Cluster IPs are no use to a client outside that knows no way to them.
    await town.sh(
      'client',
      'ip route add 10.96.0.0/16 via 192.168.10.10 && ip route add fd00:96::/112 via fd00:10::10',
    )
  }, 270_000)

  describe('to a node port with the policy Cluster reach all pods, in turn', () => {
    test.each<[Place, 'A' | 'B', string]>([
      ['client', 'A', 'web-1 a, web-2 a, web-3 A'],
      ['client', 'B', 'web-1 B, web-2 B, web-3 b'],
      ['node-a', 'A', 'web-1 a, web-2 a, web-3 A'],
      ['node-a', 'B', 'web-1 B, web-2 B, web-3 b'],
      ['web-1', 'A', 'web-1 a, web-2 a, web-3 A'],
      ['web-1', 'B', 'web-1 B, web-2 B, web-3 b'],
      ['web-3', 'A', 'web-1 a, web-2 a, web-3 A'],
    ])('from %s to %s', async (place, to, expected) => {
      const all = await askAll(place, (family) => addressOf(to, family), nodePorts.cluster)
      for (const { family, answers } of all) {
        expect(tally(answers)).toEqual(twiceEach(expected, family))
        expect(isInTurn(answers, 3)).toBe(true)
      }
    })
  })

  describe('to a node port with the policy Local reach pods of that node, as themselves', () => {
    test.each<[Place, 'A' | 'B', string, number]>([
      ['client', 'A', 'web-1 client, web-2 client', 3],
      ['client', 'B', 'web-3 client', 6],
      ['node-a', 'A', 'web-1 A, web-2 A', 3],
      ['node-a', 'B', 'web-3 A', 6],
      // Whoever would be answered past the node is seen as the node.
      ['web-1', 'A', 'web-1 a, web-2 a', 3],
      ['web-3', 'A', 'web-1 web-3, web-2 web-3', 3],
      ['web-3', 'B', 'web-3 b', 6],
    ])('from %s to %s', async (place, to, expected, times) => {
      const all = await askAll(place, (family) => addressOf(to, family), nodePorts.local)
      for (const { family, answers } of all) {
        expect(tally(answers)).toEqual(timesEach(times, expected, family))
      }
    })
  })

  describe('to a cluster IP reach all pods, in turn', () => {
    test.each<[Place, string]>([
      ['client', 'web-1 a, web-2 a, web-3 A'],
      ['node-a', 'web-1 a, web-2 a, web-3 A'],
      ['web-1', 'web-1 a, web-2 a, web-3 web-1'],
      ['web-3', 'web-1 web-3, web-2 web-3, web-3 b'],
    ])('from %s', async (place, expected) => {
      const all = await askAll(place, (family, index) => {
        return family === 'IPv4' ? `10.96.0.1${index}` : `[fd00:96::1${index}]`
      })
      for (const { family, answers } of all) {
        expect(tally(answers)).toEqual(twiceEach(expected, family))
        expect(isInTurn(answers, 3)).toBe(true)
      }
    })
  })

  test('three times to each node, as in every introduction to NodePort, are answered', async () => {
    const [a, b] = await town.ask('client', [
      'tcp:192.168.10.10:30080*3',
      'tcp:192.168.10.11:30080*3',
    ])
    for (const answers of [a, b]) {
      expect(new Set(answers?.map((answer) => answer.split(' ')[0]))).toEqual(
        new Set(['web-1', 'web-2', 'web-3']),
      )
    }
  })

  test('to another port of a Service address do not reach the machine itself', async () => {
    await town.sh(
      'node-a',
      `perl -MIO::Socket::IP -e '
        my $s = IO::Socket::IP->new(LocalHost => "::", LocalPort => 8022, Listen => 9, V6Only => 0) or die;
        fork and exit; close STDOUT; close STDERR;
        while (my $c = $s->accept) { print $c "the node itself\\n"; close $c }'`,
    )
    const targets = ['192.168.10.10', '[fd00:10::10]', '10.96.0.10', '[fd00:96::10]'].map(
      (address) => `tcp:${address}:8022`,
    )
    expect((await town.ask('client', targets)).flat()).toEqual([
      'the node itself',
      'the node itself',
      'refused',
      'refused',
    ])
    expect((await town.ask('web-1', targets)).flat()).toEqual([
      'the node itself',
      'the node itself',
      'refused',
      'refused',
    ])
  })

  test('of a pod reach itself on a bridge that asks the firewall, if it may send back', async () => {
    await town.sh('node-a', 'sysctl -w net.bridge.bridge-nf-call-iptables=1')
    const [closed] = await town.ask('web-1', ['tcp:10.96.0.10:80*3'], 1)
    await town.sh('node-a', 'bridge link set dev pod1 hairpin on')
    const [open] = await town.ask('web-1', ['tcp:10.96.0.10:80*3'], 1)
    await town.sh(
      'node-a',
      'sysctl -w net.bridge.bridge-nf-call-iptables=0; bridge link set dev pod1 hairpin off',
    )
    const others = { 'web-2 10.244.1.1': 1, 'web-3 10.244.1.57': 1 }
    expect(tally(closed)).toEqual({ timeout: 1, ...others })
    expect(tally(open)).toEqual({ 'web-1 10.244.1.1': 1, ...others })
  })

  test('go the same way after the same apply, which changes nothing', async () => {
    const words = ['diff', '-f', '-', ...asNode('node-a')]
    const { code, stdout } = await town.nodeport('node-a', words, { stdin: manifestsOf(services) })
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
  })

  interface Asked {
    readonly family: Family
    readonly answers: readonly string[]
  }

  /** Asks six times, by every protocol, over both families. */
  async function askAll(
    place: Place,
    addressFor: (family: Family, index: number) => string,
    firstPort?: number,
  ): Promise<readonly Asked[]> {
    const wishes = families.flatMap((family) =>
      protocols.map((protocol, index) => {
        const port = firstPort === undefined ? 80 : firstPort + index
        return { family, target: `${protocol}:${addressFor(family, index)}:${port}*6` }
      }),
    )
    const answers = await town.ask(
      place,
      wishes.map(({ target }) => target),
      // Everybody answers; on a machine that has much else to do, later.
      10,
    )
    return wishes.map(({ family }, index) => ({ family, answers: answers[index] ?? [] }))
  }
})

function addressOf(name: string, family: Family): string {
  const [old = '', young = ''] = addresses[name] ?? []
  return family === 'IPv4' ? old : `[${young}]`
}

function twiceEach(expected: string, family: Family): Readonly<Record<string, number>> {
  return timesEach(2, expected, family)
}

/** `web-1 a, web-3 A` as the pods say it. */
function timesEach(
  times: number,
  expected: string,
  family: Family,
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    expected.split(', ').map((answer) => {
      const [pod, seen = ''] = answer.split(' ')
      return [`${pod} ${addresses[seen]?.[family === 'IPv4' ? 0 : 1]}`, times]
    }),
  )
}

function isInTurn(answers: readonly string[], length: number): boolean {
  return answers.every((answer, index) => index < length || answer === answers[index - length])
}
