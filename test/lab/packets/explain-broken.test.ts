import { beforeAll, expect, test } from '@jest/globals'
import { inPacketLab } from '../lab.ts'
import { compare, type Flow, foundAskedTown } from './told-and-heard.ts'
import type { Town } from './town.ts'

// What nodeport says of a flow through a machine that is broken in one way.

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

inPacketLab('what is explained of a machine that is broken', (lab) => {
  let town: Town
  beforeAll(async () => {
    town = await foundAskedTown(lab)
  }, 270_000)

  test.each(states)('is what packets do where %s', async (_, breaking, mending) => {
    await town.sh('node-a', breaking)
    try {
      await compare(town, usual)
    } finally {
      await town.sh('node-a', `${town.withLedger('node-a')}${mending}`)
    }
  })

  test('tells where packets come in whose answers would go another way', async () => {
    const flow = ['explain', '192.168.10.100 -> 192.168.10.10:30080', '--in', 'eth0']
    await town.sh(
      'node-a',
      'sysctl -w net.ipv4.conf.eth0.rp_filter=1; ip route add 192.168.10.100 dev cni0',
    )
    const broken = await town.nodeport('node-a', flow)
    const [heard] = await town.ask('client', ['tcp:192.168.10.10:30080'], 0.7)
    await town.sh(
      'node-a',
      'ip route del 192.168.10.100 dev cni0; sysctl -w net.ipv4.conf.eth0.rp_filter=0',
    )
    expect([heard, broken.code]).toEqual([['timeout'], 1])
    expect(broken.stdout).toContain(
      'Ends:    packets of 192.168.10.100 that come by eth0 are dropped, since answers would go by cni0: rp_filter of eth0 or of all is 1\n',
    )
    expect((await town.nodeport('node-a', flow)).code).toBe(0)
    const { stderr } = await town.nodeport('node-a', [...flow, '--in', 'eth9'])
    expect(stderr).toMatch(/^error: this machine has no interface "eth9"\nhelp: it has lo, .*eth0/)
  })
})

function wall(hook: string): string {
  return `nft -f - <<'X'\ntable inet wall {\n chain c {\n  type filter hook ${hook} priority 5; policy drop;\n }\n}\nX`
}
