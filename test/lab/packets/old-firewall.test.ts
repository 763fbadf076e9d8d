import { beforeAll, expect, test } from '@jest/globals'
import { inLab } from '../lab.ts'
import { manifestsOf, type ServiceWish } from './manifests.ts'
import { asNode, foundTown, type Town, tally } from './town.ts'

// Debian's User-Mode Linux has nftables for bridges alone: a kernel for which there is iptables.

const services: readonly ServiceWish[] = [
  { name: 'web', clusterIPs: ['10.96.0.10', 'fd00:96::10'], nodePort: 30080 },
  {
    name: 'local',
    clusterIPs: ['10.96.0.11', 'fd00:96::11'],
    nodePort: 30310,
    spec: { externalTrafficPolicy: 'Local' },
  },
]

inLab('where there is no nftables', (lab) => {
  let town: Town
  let said = ''

  beforeAll(async () => {
    town = await foundTown(lab)
    for (const node of ['node-a', 'node-b'] as const) {
      const words = ['apply', '-f', '-', ...asNode(node)]
      const { code, stderr } = await town.nodeport(node, words, { stdin: manifestsOf(services) })
      expect(code).toBe(0)
      said = stderr
    }
  }, 120_000)

  test('iptables does it, and that is said', () => {
    expect(said).toBe(
      'note: this kernel has no nftables for us: the rules are made with iptables\n',
    )
  })

  test.each([
    ['client', ['web-1 10.244.1.1', 'web-2 10.244.1.1', 'web-3 192.168.10.10']],
    ['node-a', ['web-1 10.244.1.1', 'web-2 10.244.1.1', 'web-3 192.168.10.10']],
    ['web-1', ['web-1 10.244.1.1', 'web-2 10.244.1.1', 'web-3 192.168.10.10']],
  ] as const)('%s gets through to a node port', async (place, expected) => {
    const [answers] = await town.ask(place, ['tcp:192.168.10.10:30080*6'])
    expect(tally(answers)).toEqual(Object.fromEntries(expected.map((answer) => [answer, 2])))
  })

  test('a client is seen as itself with the policy Local', async () => {
    const [answers, young] = await town.ask('client', [
      'tcp:192.168.10.10:30310*4',
      'tcp:[fd00:10::10]:30310*4',
    ])
    expect(tally(answers)).toEqual({ 'web-1 192.168.10.100': 2, 'web-2 192.168.10.100': 2 })
    expect(tally(young)).toEqual({ 'web-1 fd00:10::100': 2, 'web-2 fd00:10::100': 2 })
  })

  test('a pod keeps its address where it can, and reaches itself', async () => {
    const [answers] = await town.ask('web-1', ['tcp:10.96.0.10:80*3'])
    expect(tally(answers)).toEqual({
      'web-1 10.244.1.1': 1,
      'web-2 10.244.1.1': 1,
      'web-3 10.244.1.57': 1,
    })
  })

  test('the second apply changes nothing', async () => {
    const words = ['diff', '-f', '-', ...asNode('node-a')]
    const { code, stdout } = await town.nodeport('node-a', words, { stdin: manifestsOf(services) })
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
  })

  test('uninstall leaves the firewall as it was', async () => {
    await town.nodeport('node-a', ['uninstall'])
    const saved = await town.sh(
      'node-a',
      'iptables-legacy-save; ip6tables-legacy-save; ip -br link',
    )
    expect(saved).not.toMatch(/nodeport/i)
  })
})
