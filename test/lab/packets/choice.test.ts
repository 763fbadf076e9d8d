import { beforeAll, describe, expect, test } from '@jest/globals'
import { inPacketLab } from '../lab.ts'
import { manifestsOf, type ServiceWish } from './manifests.ts'
import { foundTown, type Town, tallyOfPods } from './town.ts'

// Which pod is chosen, and who keeps which: as packets have it, not as the table says.

const scheduled = (name: string, last: number, scheduler: string, flags?: string): ServiceWish => ({
  name,
  clusterIPs: [`10.96.1.${last}`],
  nodePort: 30100 + last,
  annotations: {
    'nodeport.io/scheduler': scheduler,
    ...(flags === undefined ? {} : { 'nodeport.io/scheduler-flags': flags }),
  },
})

const services: readonly ServiceWish[] = [
  { ...scheduled('wrr', 1, 'wrr'), weights: { 'web-1': 3, 'web-2': 2, 'web-3': 1 } },
  scheduled('sh', 2, 'sh'),
  // By itself mh looks at ports too, as kube-proxy has it.
  scheduled('mh', 3, 'mh', ''),
  scheduled('sh-port', 4, 'sh', 'sh-port'),
  {
    name: 'sticky',
    clusterIPs: ['10.96.1.5'],
    nodePort: 30105,
    protocol: 'UDP',
    spec: {
      sessionAffinity: 'ClientIP',
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 2 } },
    },
  },
  { name: 'draining', clusterIPs: ['10.96.1.6'], nodePort: 30106 },
  {
    name: 'fenced',
    clusterIPs: ['10.96.1.7'],
    nodePort: 30107,
    type: 'LoadBalancer',
    spec: { loadBalancerSourceRanges: ['192.168.10.100/32', '192.168.10.104/30'] },
    ingress: ['198.51.100.7'],
  },
]

const clients = Array.from({ length: 12 }, (_, index) => `192.168.10.${101 + index}`)

inPacketLab('of all pods', (lab) => {
  let town: Town

  beforeAll(async () => {
    town = await foundTown(lab)
    for (const node of ['node-a', 'node-b'] as const) {
      await town.apply(node, manifestsOf(services))
    }
    const more = clients.map((client) => `ip address add ${client}/24 dev eth0`).join(' && ')
    await town.sh('client', `${more} && ip route add 198.51.100.0/24 via 192.168.10.10`)
  }, 270_000)

  test('wrr takes each as often as its weight says', async () => {
    const [answers] = await town.ask('client', ['tcp:192.168.10.10:30101*12'])
    expect(tallyOfPods(answers)).toEqual({ 'web-1': 6, 'web-2': 4, 'web-3': 2 })
  })

  test.each([
    ['sh', 30102],
    ['mh', 30103],
  ])('%s takes the same for the same client', async (_, port) => {
    const targets = clients.map((client) => `tcp:192.168.10.10:${port}*3@${client}`)
    const answers = await town.ask('client', targets)
    for (const own of answers) expect(Object.values(tallyOfPods(own))).toEqual([3])
    expect(Object.keys(tallyOfPods(answers.flat())).length).toBeGreaterThan(1)
  })

  test('sh with sh-port may take another for every connection', async () => {
    const [answers] = await town.ask('client', ['tcp:192.168.10.10:30104*24'])
    expect(Object.keys(tallyOfPods(answers)).length).toBeGreaterThan(1)
  })

  test('affinity keeps the one that a client has, for its time', async () => {
    // As short as the affinity: a connection of UDP would keep it for five minutes.
    await town.sh('node-a', 'ipvsadm --set 0 0 1')
    const targets = clients.slice(0, 6).map((client) => `udp:192.168.10.10:30105*4@${client}`)
    const answers = await town.ask('client', targets)
    for (const own of answers) expect(Object.values(tallyOfPods(own))).toEqual([4])
    expect(Object.keys(tallyOfPods(answers.flat()))).toHaveLength(3)

    const [first = ''] = podNames(answers[0])
    const later: string[] = []
    for (let time = 0; time < 3; time++) {
      await town.sh('client', 'sleep 4.5')
      const [again] = await town.ask('client', [targets[0]?.replace('*4', '') ?? ''])
      later.push(...podNames(again))
    }
    expect(later.some((pod) => pod !== first)).toBe(true)
  })

  test('one that drains keeps its connections and gets no new ones', async () => {
    const held = town.run('client', [
      ...['perl', `${process.cwd()}/test/lab/packets/hold.pl`],
      ...['tcp:192.168.10.10:30106', '/run/go-on'],
    ])
    await town.sh(
      'client',
      'for i in $(seq 100); do [ -e /run/go-on.begun ] && exit; sleep 0.05; done; exit 1',
    )
    const pod = (await town.sh('node-a', 'ipvsadm -Lnc')).match(/:30106 +(\S+:8080)/)?.[1] ?? ''
    expect((await town.nodeport('node-a', ['drain', pod])).stdout).toContain(`${pod} drained`)

    const [others] = await town.ask('client', ['tcp:192.168.10.10:30106*6'])
    expect(Object.values(tallyOfPods(others))).toEqual([3, 3])
    await town.sh('client', 'touch /run/go-on')
    const { stdout } = await held
    const [before = '', after] = stdout.trimEnd().split('\n')
    expect(after).toBe(before)
    expect(podNames(others)).not.toContain(before.split(' ')[0])
  })

  describe('a load-balancer address with source ranges', () => {
    test('answers who is in one of them, and nobody else', async () => {
      const from = ['192.168.10.100', '192.168.10.101', '192.168.10.105', '192.168.10.109']
      const targets = from.map((client) => `tcp:198.51.100.7:80@${client}`)
      const answers = (await town.ask('client', targets)).flat()
      expect(answers.map((answer) => answer.split('-')[0])).toEqual([
        'web',
        'timeout',
        'web',
        'timeout',
      ])
    })

    test('says nothing of the node port', async () => {
      const [answers] = await town.ask('client', ['tcp:192.168.10.10:30107@192.168.10.101'])
      expect(podNames(answers)).toHaveLength(1)
    })

    test('can be changed while it is in use', async () => {
      const [, , , , , , fenced] = services
      if (fenced === undefined) return
      const open = { ...fenced, spec: { loadBalancerSourceRanges: ['192.168.10.0/24'] } }
      await town.apply('node-a', manifestsOf([...services.slice(0, 6), open]))
      const [answers] = await town.ask('client', ['tcp:198.51.100.7:80@192.168.10.101'])
      expect(podNames(answers)).toHaveLength(1)
    })
  })
})

function podNames(answers: readonly string[] | undefined): readonly string[] {
  return (answers ?? []).flatMap((answer) => /^web-\d/.exec(answer)?.[0] ?? [])
}
