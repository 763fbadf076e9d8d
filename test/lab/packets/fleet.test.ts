import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { rulesIn } from '../../support/canonical.ts'
import { withEtcd } from '../../support/etcd.ts'
import { inPacketLab } from '../lab.ts'
import { manifestsOf, type ServiceWish } from './manifests.ts'
import { asNode, foundTown, type Town, tallyOfPods } from './town.ts'

// Two nodes of a fleet with kernels that pass packets, and a store on a third machine: the two share
// the pods, and nobody says anything to them but the store.

const store = '192.168.10.20:2379'
const ledger = `etcd://${store}/shop`
const nodes = ['node-a', 'node-b'] as const
const evenly = { 'web-1': 2, 'web-2': 2, 'web-3': 2 }
const web: ServiceWish = { name: 'web', clusterIPs: ['10.96.3.1'], nodePort: 30301 }

withEtcd('a fleet of nodes', () => {
  inPacketLab('with kernels of their own', (lab) => {
    let town: Town

    beforeAll(async () => {
      town = await foundTown(lab)
      await start('director', 'etcd', [
        ...['--data-dir', '/run/fleet/store', '--log-level', 'error'],
        ...[
          '--listen-client-urls',
          `http://${store}`,
          '--advertise-client-urls',
          `http://${store}`,
        ],
      ])
      for (const node of nodes) {
        const words = ['agent', '--from', ledger, ...asNode(node), '--listen', 'none']
        const own = ['--resync', '1s', '--ledger', `/run/fleet/${node}.json`]
        await start(node, 'nodeport', [...words, ...own])
      }
    }, 270_000)

    afterAll(async () => {
      for (const place of ['director', ...nodes] as const) {
        await town.sh(place, `kill $(cat /run/fleet/${place}.pid)`)
      }
    })

    test('lets all of them answer what is applied from a machine that is none', async () => {
      const { code, stdout } = await fleet(['apply', '-f', '-'], manifestsOf([web]))
      expect([code, stdout]).toEqual([0, expect.stringContaining('service/web created')])
      await converged()
      expect(await answersAt(30301)).toEqual([evenly, evenly])
      const [a, b] = await Promise.all(nodes.map(rulesOfCluster))
      expect(a).toEqual(b)
      expect(a).toContain('-A -t 10.96.3.1:80 -s rr')
    })

    test('puts back what somebody takes away on one of them', async () => {
      await town.sh('node-b', 'ipvsadm -D -t 192.168.10.11:30301')
      await until('node-b', "ipvsadm -Sn | grep -q '192.168.10.11:30301 -r 10.244.2.50'")
      expect(await answersAt(30301)).toEqual([evenly, evenly])
    })

    test('lets one of them go first', async () => {
      const other = manifestsOf([{ ...web, nodePort: 30302 }])
      await fleet(['fleet', 'hold'])
      await fleet(['apply', '-f', '-'], other)
      await until('client', `nodeport fleet status --ledger ${ledger} | grep -q 'held back'`)
      const seen = "ipvsadm -Sn | grep -c '^-A.*:3030[12] '"
      expect(await town.sh('node-a', seen)).toBe('1\n')
      expect(await answersAt(30301)).toEqual([evenly, evenly])
      const { code, stdout } = await fleet(['fleet', 'rollout', '--soak', '500ms'])
      expect(code).toBe(0)
      expect(stdout).toMatch(/^step 1 of 2: node-a\nstep 2 of 2: node-b\nrolled out: revision \d+ /)
      await converged()
      expect(await answersAt(30302)).toEqual([evenly, evenly])
      expect((await town.ask('client', ['tcp:192.168.10.10:30301'], 1)).flat()).toEqual(['refused'])
    })

    test('goes on answering while the store is away', async () => {
      await town.sh('director', 'kill -STOP $(cat /run/fleet/director.pid)')
      await town.sh('node-a', 'ipvsadm -C')
      await until('node-a', "ipvsadm -Sn | grep -q '192.168.10.10:30302 -r 10.244.2.50'")
      expect(await answersAt(30302)).toEqual([evenly, evenly])
      await town.sh('director', 'kill -CONT $(cat /run/fleet/director.pid)')
      await converged()
    })

    /** Starts a program that stays; its number and what it says are kept. */
    async function start(
      place: 'director' | (typeof nodes)[number],
      program: string,
      words: readonly string[],
    ): Promise<void> {
      const at = `/run/fleet/${place}`
      const script = `mkdir -p /run/fleet; at=$1; shift
        setsid sh -c 'echo $$ >$0.pid; exec "$@"' $at "$@" </dev/null >$at.said 2>&1 &`
      await town.run(place, ['sh', '-c', script, 'sh', at, program, ...words])
    }

    async function fleet(words: readonly string[], stdin = '') {
      const all = ['nodeport', ...words, '--ledger', ledger]
      return await town.run('client', all, { stdin, milliseconds: 60_000 })
    }

    async function converged(): Promise<void> {
      const condition = `nodeport fleet status --ledger ${ledger} | grep -q '^converged: all of 2'`
      await until('client', condition)
    }

    async function answersAt(port: number) {
      const targets = ['192.168.10.10', '192.168.10.11'].map((node) => `tcp:${node}:${port}*6`)
      const all = await town.ask('client', targets)
      return all.map(tallyOfPods)
    }

    /** Node ports are at addresses of each node's own. */
    async function rulesOfCluster(node: (typeof nodes)[number]): Promise<readonly string[]> {
      const rules = rulesIn(await town.sh(node, 'ipvsadm -Sn'))
      return rules.filter((rule) => rule.includes(' 10.96.'))
    }

    async function until(place: Parameters<Town['sh']>[0], condition: string): Promise<void> {
      const script = `for i in $(seq 300); do ${condition} && exit; sleep 0.1; done; ${condition}
        cat /run/fleet/*.said >&2; nodeport fleet status --ledger ${ledger} >&2; exit 1`
      await town.sh(place, script, { milliseconds: 120_000 })
    }
  })
})
