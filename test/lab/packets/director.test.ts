import { beforeAll, describe, expect, test } from '@jest/globals'
import { inPacketLab } from '../lab.ts'
import { manifestsOf } from './manifests.ts'
import { foundTown, type Town, tallyOfPods } from './town.ts'

// A director before the nodes, on an address of the same street: by each of the three ways.

const vip = '192.168.10.200'
const manifests = manifestsOf([
  {
    name: 'web',
    clusterIPs: ['10.96.0.10'],
    nodePort: 30080,
    type: 'LoadBalancer',
    ingress: [vip],
  },
  {
    name: 'local',
    clusterIPs: ['10.96.0.11'],
    nodePort: 30081,
    type: 'LoadBalancer',
    ingress: ['192.168.10.201'],
    spec: { externalTrafficPolicy: 'Local' },
  },
])
const asDirector = ['--role', 'director', '--service-cidr', '10.96.0.0/12']

describe.each([
  // By masq all packets of the answer come back through the director, whose address pods see.
  ['masq', '192.168.10.20'],
  ['route', '192.168.10.100'],
  ['tunnel', '192.168.10.100'],
])('by %s', (forwarding, seenByLocal) => {
  inPacketLab('a director', (lab) => {
    let town: Town
    let setup = ''

    beforeAll(async () => {
      town = await foundTown(lab)
      const words = [...asDirector, '--forwarding', forwarding]
      const printed = await town.nodeport(
        'director',
        ['apply', '-f', '-', ...words, '--print-backend-setup'],
        { stdin: manifests },
      )
      setup = printed.stdout
      for (const node of ['node-a', 'node-b'] as const) {
        await town.sh(node, setup)
        await town.apply(node, manifests)
      }
      const { code, stderr } = await town.nodeport('director', ['apply', '-f', '-', ...words], {
        stdin: manifests,
      })
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    }, 270_000)

    test('says what the nodes need', () => {
      expect(setup).toContain('# on node-a (192.168.10.10), node-b (192.168.10.11):\n')
      expect(setup.includes('arp_ignore=1')).toBe(forwarding !== 'masq')
      expect(setup.includes('tunl0 up')).toBe(forwarding === 'tunnel')
    })

    test('sends to both nodes in turn, and they to their pods', async () => {
      const [answers] = await town.ask('client', [`tcp:${vip}:80*12`])
      const pods = tallyOfPods(answers)
      expect(pods).toEqual({ 'web-1': 4, 'web-2': 4, 'web-3': 4 })
      const listed = await town.sh('director', 'ipvsadm -Ln')
      const conns = [...listed.matchAll(/192\.168\.10\.1[01]:\d+ +\w+ +1 +(\d+) +(\d+)/g)]
      const counts = conns.map(([, active, inactive]) => Number(active) + Number(inactive))
      expect(counts.filter((count) => count > 0)).toEqual([6, 6])
    })

    test('lets nodes with the policy Local see whom they should', async () => {
      const [answers] = await town.ask('client', ['tcp:192.168.10.201:80*6'])
      const sources = new Set((answers ?? []).map((answer) => answer.split(' ')[1]))
      expect([...sources]).toEqual([seenByLocal])
    })

    test('alone tells the street where its address is', async () => {
      await town.sh('client', 'ip neigh flush dev eth0; true')
      await town.ask('client', [`tcp:${vip}:80`])
      const [neighbour] =
        (await town.sh('client', `ip neigh show ${vip}`)).match(/[0-9a-f:]{17}/) ?? []
      expect(await town.sh('director', 'ip -br link show eth0')).toContain(neighbour ?? 'nobody')
    })

    test('and nodes are found well by their doctor', async () => {
      const behind = forwarding === 'masq' ? [] : ['--behind', forwarding]
      const { code, stdout } = await town.nodeport('node-a', ['doctor', ...behind])
      expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    })
  })
})
