import { expect, test } from '@jest/globals'
import { inPacketLab } from '../lab.ts'
import { manifestsOf, type ServiceWish } from './manifests.ts'
import { asNode, foundTown, type Town, tallyOfPods } from './town.ts'

// Packets while an agent keeps a node: nobody but it makes the host ready, and it has no more of
// root than its unit gives it.

const folder = '/run/kept'
const pods = ['web-1', 'web-2'] as const
const first: ServiceWish = { name: 'first', clusterIPs: ['10.96.2.1'], nodePort: 30201, pods }
const second: ServiceWish = { name: 'second', clusterIPs: ['10.96.2.2'], nodePort: 30202, pods }
const rights = '--inh-caps=+net_admin --ambient-caps=+net_admin --bounding-set=-all,+net_admin'
const asNobody = `setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs ${rights}`
const evenly = { 'web-1': 3, 'web-2': 3 }

inPacketLab('an agent', (lab) => {
  test('lets a Service answer that comes while it runs, and takes it away from the host', async () => {
    const town = await foundTown(lab)
    await put(town, 'first', first)
    const words = ['agent', '-f', `${folder}/m`, ...asNode('node-a'), '--listen', 'none']
    words.push('--ledger', `${folder}/ledger.json`)
    await town.sh(
      'node-a',
      `chown -R 65534 ${folder}
      ${asNobody} "$NODE" "$TREE/bin/nodeport.js" ${words.join(' ')} </dev/null >${folder}/said 2>&1 &
      echo $! >${folder}/pid
      for i in $(seq 200); do grep -q ready ${folder}/said && exit; sleep 0.1; done
      cat ${folder}/said; exit 1`,
    )
    try {
      const ways = (wish: ServiceWish) => [
        `tcp:192.168.10.10:${wish.nodePort}*6`,
        `tcp:${wish.clusterIPs[0]}:80*6`,
      ]
      await town.sh('client', 'ip route add 10.96.0.0/16 via 192.168.10.10')
      expect((await town.ask('client', ways(first))).map(tallyOfPods)).toEqual([evenly, evenly])

      await put(town, 'second', second)
      await until(town, 'ip address show dev nodeport0 | grep -q 10.96.2.2')
      await until(town, "ipvsadm -Sn | grep -q '10.96.2.2:80 -r 10.244.1.58'")
      expect((await town.ask('client', ways(second))).map(tallyOfPods)).toEqual([evenly, evenly])
      expect((await town.ask('web-1', ways(second))).map(tallyOfPods)).toEqual([evenly, evenly])

      await town.sh('node-a', `rm ${folder}/m/second.yaml`)
      await until(town, '! ip address show dev nodeport0 | grep -q 10.96.2.2')
      expect((await town.ask('client', ways(first))).map(tallyOfPods)).toEqual([evenly, evenly])
    } finally {
      await town.sh('node-a', `kill $(cat ${folder}/pid)`)
    }
    expect(await town.sh('node-a', `cat ${folder}/said`)).toBe(
      'ready: 1 entry is as it is wanted\n',
    )
  }, 270_000)
})

async function put(town: Town, name: string, wish: ServiceWish): Promise<void> {
  const file = `${folder}/m/${name}.yaml`
  const script = `mkdir -p ${folder}/m && cat >${file}.new && mv ${file}.new ${file}`
  await town.sh('node-a', script, { stdin: manifestsOf([wish]) })
}

async function until(town: Town, condition: string): Promise<void> {
  await town.sh('node-a', `for i in $(seq 200); do ${condition} && exit; sleep 0.1; done; exit 1`)
}
