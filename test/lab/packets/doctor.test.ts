import { beforeAll, describe, expect, test } from '@jest/globals'
import type { Ailment } from '../../../src/terrain/ailments.ts'
import { inPacketLab, insideAlone } from '../lab.ts'
import { manifestsOf, type ServiceWish } from './manifests.ts'
import { asNode, foundTown, type Town } from './town.ts'

// A machine is broken in one way at a time: the doctor finds that and nothing else, and what it says
// mends it.

const services: readonly ServiceWish[] = [
  {
    name: 'web',
    clusterIPs: ['10.96.0.10', 'fd00:96::10'],
    nodePort: 30080,
    type: 'LoadBalancer',
    ingress: ['198.51.100.7'],
  },
]

interface Breakage {
  readonly code: string
  /** What is done to node-a. */
  readonly breaking: string
  /** What is typed instead of the doctor's own advice, where that needs more than a lab has. */
  readonly mending?: string
  readonly words?: readonly string[]
  /** What runs the doctor. */
  readonly by?: readonly string[]
  /** What it says that was seen. */
  readonly seen?: string
}

const listener = `perl -MIO::Socket::INET -e '
  my $s = IO::Socket::INET->new(LocalPort => 30080, Listen => 1) or die;
  exit if fork; close STDOUT; close STDERR; sleep 60' `

const nft = (chain: string) =>
  `nft -f - <<'X'\ntable inet ${chain.split(' ')[0]}-wall {\n chain c {\n  type filter hook ${chain}; policy drop;\n }\n}\nX`

/** Seen by the doctor alone: nobody else's files are touched. */
const hidden = (script: string) => ['unshare', '-m', 'sh', '-c', `${script} && exec "$@"`, 'sh']

const breakages: readonly Breakage[] = [
  {
    code: 'forwarding-off',
    breaking: 'sysctl -w net.ipv4.ip_forward=0',
    seen: 'net.ipv4.ip_forward = 0',
  },
  { code: 'forwarding-off', breaking: 'sysctl -w net.ipv6.conf.all.forwarding=0' },
  { code: 'interface-forwarding-off', breaking: 'sysctl -w net.ipv4.conf.cni0.forwarding=0' },
  { code: 'tracking-off', breaking: 'sysctl -w net.ipv4.vs.conntrack=0' },
  {
    code: 'tracking-full',
    breaking: ':',
    by: hidden(
      'echo 1 >/tmp/most && mount --bind /tmp/most /proc/sys/net/netfilter/nf_conntrack_max',
    ),
    mending: ':',
  },
  { code: 'reuse-mode', breaking: 'sysctl -w net.ipv4.vs.conn_reuse_mode=0' },
  { code: 'expire-nodest-conn', breaking: 'sysctl -w net.ipv4.vs.expire_nodest_conn=0' },
  {
    code: 'expire-quiescent-template',
    breaking: 'sysctl -w net.ipv4.vs.expire_quiescent_template=0',
  },
  {
    code: 'bridge-filters',
    breaking: 'sysctl -w net.bridge.bridge-nf-call-iptables=1',
    mending: 'sysctl -w net.bridge.bridge-nf-call-iptables=0',
  },
  { code: 'firewall-closes', breaking: nft('input priority 10'), seen: 'policy drop in chain c' },
  { code: 'firewall-closes', breaking: nft('forward priority 0') },
  { code: 'firewall-closes', breaking: nft('output priority 0') },
  { code: 'firewall-closes', breaking: 'iptables-legacy -P FORWARD DROP' },
  {
    code: 'firewall-closes',
    breaking: 'iptables-legacy -A INPUT -p tcp --dport 22 -j ACCEPT; iptables-legacy -P INPUT DROP',
  },
  { code: 'ephemeral-port', breaking: 'sysctl -w net.ipv4.ip_local_port_range="30000 60999"' },
  {
    code: 'port-taken',
    breaking: listener,
    mending: 'kill $(ss -ltnpH sport = :30080 | grep -o "pid=[0-9]*" | cut -d= -f2)',
  },
  { code: 'address-missing', breaking: 'ip address del 10.96.0.10/32 dev nodeport0' },
  { code: 'interface-missing', breaking: 'ip link del nodeport0' },
  {
    code: 'no-route',
    breaking: 'ip route replace unreachable 10.244.2.0/24',
    mending: 'ip route replace 10.244.2.0/24 via 192.168.10.11',
    seen: 'EHOSTUNREACH',
  },
  {
    code: 'other-manager',
    breaking: 'ip link add kube-ipvs0 type dummy',
    mending: 'ip link del kube-ipvs0',
  },
  {
    code: 'other-manager',
    breaking:
      'cp /bin/sleep /tmp/keepalived; setsid /tmp/keepalived 60 >/dev/null 2>&1 & sleep 0.3',
    mending: 'kill $(pgrep -x keepalived)',
    seen: 'pgrep -a keepalived',
  },
  { code: 'drift', breaking: 'ipvsadm -d -t 10.96.0.10:80 -r 10.244.1.57:8080' },
  { code: 'rules-missing', breaking: 'nft delete table inet nodeport' },
  {
    code: 'rules-drift',
    breaking: 'nft delete element inet nodeport servers4 { 192.168.10.10 . tcp . 30080 }',
    seen: '192.168.10.10 . tcp . 30080',
  },
  { code: 'rules-drift', breaking: 'nft flush chain inet nodeport cluster' },
  {
    code: 'scheduler-missing',
    breaking: ':',
    words: ['-f', '/run/services.json', ...asNode('node-a'), '--scheduler', 'twos'],
    by: hidden('mount -t tmpfs none /run/modules/lib/modules'),
    mending: ':',
  },
  {
    code: 'not-privileged',
    breaking: ':',
    by: ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--inh-caps=-all'],
    mending: ':',
  },
  {
    code: 'answers-arp',
    breaking: 'sysctl -w net.ipv4.conf.all.arp_announce=2',
    words: ['--behind', 'route'],
    mending: 'sysctl -w net.ipv4.conf.all.arp_announce=0',
  },
]

inPacketLab('the doctor', (lab) => {
  let town: Town

  beforeAll(async () => {
    town = await foundTown(lab)
    const manifests = manifestsOf(services)
    for (const node of ['node-a', 'node-b'] as const) await town.apply(node, manifests)
    await lab.run(['sh', '-c', 'cat >/run/services.json'], { stdin: manifests })
  }, 270_000)

  test('finds nothing where nothing is broken', async () => {
    const words = ['doctor', '--probe', '-f', '/run/services.json', ...asNode('node-a')]
    const { code, stdout, stderr } = await town.nodeport('node-a', words)
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: '',
      stderr: 'nothing found that keeps packets from 5 virtual servers\n',
    })
  })

  test.each(breakages)('finds $code after $breaking', async ({ breaking, mending, ...how }) => {
    await town.sh('node-a', breaking)
    const found = await examined(how)
    const mend = mending ?? found.map((ailment) => ailment.mend).join('\n')
    await town.sh('node-a', `${town.withLedger('node-a')}${mend}`)
    expect(found.map(({ code }) => code)).toEqual([how.code])
    expect(found[0]?.seen).toContain(how.seen ?? '')
    if (how.by === undefined && how.words === undefined) expect(await examined({})).toEqual([])
  })

  test('finds what drops packets whose answers would go another way', async () => {
    await town.sh(
      'node-a',
      'sysctl -w net.ipv4.conf.eth0.rp_filter=1; ip route add 172.16.0.0/24 dev cni0',
    )
    await town.sh('client', 'ip address add 172.16.0.1/32 dev eth0')
    // Its neighbour would not even tell a stranger where it is.
    await town.ask('client', ['tcp:192.168.10.10:30080'])
    expect(await town.ask('client', ['tcp:192.168.10.10:30080@172.16.0.1'], 1)).toEqual([
      ['timeout'],
    ])
    const found = await examined({})
    expect(found.map(({ code }) => code)).toEqual(['reverse-path'])
    await town.sh('node-a', `${found[0]?.mend}; ip route del 172.16.0.0/24`)
    expect(await examined({})).toEqual([])
    await town.sh('node-a', 'sysctl -w net.ipv4.conf.eth0.rp_filter=0')
  })

  test('asks pods if they answer', async () => {
    const reject = 'add rule inet wall in tcp dport 8080 reject with tcp reset'
    await town.sh(
      'web-2',
      `nft add table inet wall; nft 'add chain inet wall in { type filter hook input priority 0; }'; nft ${reject}`,
    )
    const found = await examined({ words: ['--probe'] })
    await town.sh('web-2', 'nft delete table inet wall')
    expect(found.map(({ code, message }) => [code, message])).toEqual([
      ['endpoint-silent', '10.244.1.58:8080 does not answer'],
      ['endpoint-silent', '[fd00:244:1::58]:8080 does not answer'],
    ])
    expect(found[0]?.seen).toBe('connecting to 10.244.1.58:8080: refused')
  })

  test('finds a ledger from the future', async () => {
    const [, ledger = ''] = /--ledger (\S+);/.exec(town.withLedger('node-a')) ?? []
    await town.sh(
      'node-a',
      `cp ${ledger} /tmp/kept; sed -i 's/"20[0-9-]*T/"2099-01-01T/' ${ledger}`,
    )
    const found = await examined({})
    await town.sh('node-a', `cp /tmp/kept ${ledger}`)
    expect(found.map(({ code }) => code)).toEqual(['ledger-clock'])
  })

  describe('behind a director', () => {
    const quiet = 'sysctl -w net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2'
    test.each([
      ['tunnel-missing', 'ip link set tunl0 down', 'ip link set tunl0 up'],
      [
        'tunnel-reverse-path',
        'ip link set tunl0 up; sysctl -w net.ipv4.conf.tunl0.rp_filter=1',
        'sysctl -w net.ipv4.conf.tunl0.rp_filter=0',
      ],
    ])('finds %s after %s', async (code, breaking, mending) => {
      await town.sh('node-a', `${quiet}; ${breaking}`)
      const found = await examined({ words: ['--behind', 'tunnel'] })
      await town.sh('node-a', mending)
      expect(found.map((ailment) => ailment.code)).toEqual([code])
    })

    test('finds a network too narrow for its tunnels', async () => {
      const director = [
        '--role',
        'director',
        '--forwarding',
        'tunnel',
        '--service-cidr',
        '10.96.0.0/12,fd00:96::/112',
      ]
      const words = ['-f', '/run/services.json', ...director]
      await town.sh(
        'client',
        'ip address add 198.51.100.7/32 dev lo; modprobe ip_vs; sysctl -w net.ipv4.vs.expire_nodest_conn=1 net.ipv4.vs.expire_quiescent_template=1',
      )
      const found = await examined({ words }, 'client')
      expect(found.map(({ code }) => code)).toEqual(['tunnel-mtu'])
      await town.sh('client', 'ip link set eth0 mtu 1540')
      expect(await examined({ words }, 'client')).toEqual([])
    })
  })

  async function examined(
    { words = [], by = [] }: Pick<Breakage, 'words' | 'by'>,
    place: 'node-a' | 'client' = 'node-a',
  ): Promise<readonly Ailment[]> {
    const doctor = ['doctor', '-o', 'json', ...words]
    const [, ledger = ''] = /--ledger (\S+);/.exec(town.withLedger(place)) ?? []
    // The wrapper of the lab is for root alone to read.
    const nodeport = [process.execPath, `${process.cwd()}/bin/nodeport.js`]
    const { stdout, stderr } =
      by.length === 0
        ? await town.nodeport(place, doctor)
        : await town.run(place, [...by, ...nodeport, ...doctor, '--ledger', ledger])
    if (stdout === '') throw new Error(stderr)
    return JSON.parse(stdout).findings.map((finding: Ailment & { help: string }) => {
      return { ...finding, mend: finding.help }
    })
  }
})

inPacketLab('the doctor of a kernel that has not loaded IPVS', () => {
  test('says so', () => {
    const found = insideAlone(async ({ commandOutput }) => commandOutput('nodeport', ['doctor']))
    expect(found).toContain('error[ipvs-missing]')
    expect(found.match(/^(error|warning)/gm)).toHaveLength(1)
  })
})
