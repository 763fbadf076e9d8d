import { type Family, familyOf, type IP } from '../address/ip.ts'
import { Forwarding, type Table } from '../table/virtual-server.ts'
import { withPrefix } from './commands.ts'

/**
 * What the nodes behind a director need, as commands to be typed on each of them. What is not
 * rewritten arrives there for the address that the client asked for: a node must have it, and must
 * not tell the network so.
 */
export function printBackendSetup(table: Table, link: string): string {
  const ways = new Map<number, Way>()
  for (const { address, realServers } of table) {
    for (const { address: node, forwarding, name } of realServers) {
      const way = ways.get(forwarding) ?? { nodes: new Map(), addresses: new Set() }
      ways.set(forwarding, way)
      way.nodes.set(node, name)
      if (forwarding !== Forwarding.masq) way.addresses.add(address)
    }
  }
  const parts = [...ways].map(([forwarding, way]) => printWay(forwarding, way, link))
  return parts.join('\n')
}

interface Way {
  /** By the address of the node, its name where that is known. */
  readonly nodes: Map<IP, string | undefined>
  readonly addresses: Set<IP>
}

function printWay(forwarding: number, { nodes, addresses }: Way, link: string): string {
  const named = [...nodes].map(([ip, name]) => (name === undefined ? ip : `${name} (${ip})`))
  const head = `# on ${named.join(', ')}:`
  if (forwarding === Forwarding.masq) {
    return `${head}\n# nothing but node ports that answer, as \`nodeport apply\` gives them\n`
  }
  const families = new Set([...addresses].map(familyOf))
  const outside = new Set([...nodes.keys()].map(familyOf))
  const lines = [
    head,
    ...(families.has('IPv4') ? quiet : []),
    ...(forwarding === Forwarding.tunnel ? [...outside].flatMap((family) => tunnels[family]) : []),
    `ip link add ${link} type dummy`,
    ...[...addresses].map((ip) => `ip address add ${withPrefix(ip)} dev ${link}`),
    '# and then, from the same manifests: nodeport apply --node NAME -f FILE',
  ]
  return lines.map((line) => `${line}\n`).join('')
}

/** Of IPv6 a machine tells its neighbours only what the interface has that they ask by. */
const quiet = [
  'sysctl -w net.ipv4.conf.all.arp_ignore=1',
  'sysctl -w net.ipv4.conf.all.arp_announce=2',
]

/** What comes out of a tunnel has a source whose way is another. */
const tunnels: Readonly<Record<Family, readonly string[]>> = {
  IPv4: [
    'modprobe ipip',
    'ip link set tunl0 up',
    'sysctl -w net.ipv4.conf.all.rp_filter=0',
    'sysctl -w net.ipv4.conf.tunl0.rp_filter=0',
  ],
  IPv6: ['modprobe ip6_tunnel', 'ip link set ip6tnl0 up'],
}
