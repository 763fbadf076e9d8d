import type { Severity } from '../diagnostic/diagnostic.ts'

/** Something about a machine that packets suffer from. */
export interface Ailment {
  readonly code: string
  readonly severity: Severity
  /** What is wrong, in words that stand alone. */
  readonly message: string
  /** What was seen, and where anybody can see it. */
  readonly seen: string
  /** What a client notices of it. */
  readonly client: string
  /** Commands that mend it, one a line. */
  readonly mend: string
}

/** A kind of ailment: what is the same each time it is found. */
export interface AilmentKind {
  readonly code: string
  readonly severity: Severity
  /** What is held against a machine, as a rule. */
  readonly summary: string
}

type Words = Omit<Ailment, 'code' | 'severity'>
type Find<A extends readonly unknown[]> = AilmentKind & ((...facts: A) => Ailment)

function ailment<A extends readonly unknown[]>(
  code: string,
  severity: Severity,
  summary: string,
  words: (...facts: A) => Words,
): Find<A> {
  const find = (...facts: A): Ailment => ({ code, severity, ...words(...facts) })
  return Object.assign(find, { code, severity, summary })
}

const waits = 'waits until it gives up'
const file = (name: string) => `/proc/sys/${name.replaceAll('.', '/')}`

/** A setting of the kernel as it was seen. */
function setting(name: string, value: string): string {
  return `${name} = ${value} (${file(name)})`
}

export const ipvsMissing = ailment('ipvs-missing', 'error', 'the kernel has IPVS', () => ({
  message: 'this kernel has no IPVS, or has not loaded it',
  seen: 'there is no /proc/net/ip_vs',
  client: 'is refused at every address of a Service',
  mend: 'modprobe ip_vs',
}))

export const schedulerMissing = ailment(
  'scheduler-missing',
  'error',
  'the kernel has each scheduler that is asked for',
  (scheduler: string) => ({
    message: `this kernel has no scheduler "${scheduler}"`,
    seen: `there is no /sys/module/ip_vs_${scheduler}, and modprobe -n ip_vs_${scheduler} finds none`,
    client: 'is refused, since the virtual server cannot be made',
    mend: `apt-get install linux-modules-extra-$(uname -r) || apt-get install linux-image-$(dpkg --print-architecture); modprobe ip_vs_${scheduler}`,
  }),
)

export const notPrivileged = ailment(
  'not-privileged',
  'warning',
  'the doctor may see everything',
  () => ({
    message: 'not all could be seen: firewalls and the drift of the table are for root alone',
    seen: 'no CAP_NET_ADMIN in CapEff (/proc/self/status)',
    client: 'notices nothing of it, but may suffer from what was not seen',
    mend: 'sudo nodeport doctor',
  }),
)

export const forwardingOff = ailment(
  'forwarding-off',
  'error',
  'a machine that balances sends packets on',
  (name: string) => ({
    message: 'this machine does not send packets on',
    seen: setting(name, '0'),
    client: `${waits}, at every address of a Service`,
    mend: `sysctl -w ${name}=1`,
  }),
)

export const interfaceForwardingOff = ailment(
  'interface-forwarding-off',
  'error',
  'it sends on what comes in by each interface',
  (name: string, link: string) => ({
    message: `this machine does not send on what comes in by ${link}`,
    seen: setting(name, '0'),
    client: `${waits} whenever it is given a pod behind ${link}`,
    mend: `sysctl -w ${name}=1`,
  }),
)

export const trackingOff = ailment(
  'tracking-off',
  'error',
  'connections of IPVS are tracked, so that they can be masqueraded',
  () => ({
    message: 'connections of IPVS are not tracked, so that nothing can masquerade them',
    seen: setting('net.ipv4.vs.conntrack', '0'),
    client: `is answered by pods of this machine, and ${waits} where it is given another, or is one itself`,
    mend: 'sysctl -w net.ipv4.vs.conntrack=1',
  }),
)

export const trackingFull = ailment(
  'tracking-full',
  'error',
  'there is room for more connections to be tracked',
  (count: number, most: number) => ({
    message: 'the table of tracked connections is full, or nearly so',
    seen: `${count} of ${most} (/proc/sys/net/netfilter/nf_conntrack_count and nf_conntrack_max)`,
    client: `${waits}, at random`,
    mend: `sysctl -w net.netfilter.nf_conntrack_max=${2 * most}`,
  }),
)

export const reuseMode = ailment(
  'reuse-mode',
  'warning',
  'a client that uses a port again is balanced again, and need not wait',
  (value: string, wanted: string, release: string) => ({
    message:
      wanted === '1'
        ? 'a client that uses a port again goes on to the same pod, even one that drains'
        : 'this kernel makes a client wait that uses a port again',
    seen: `${setting('net.ipv4.vs.conn_reuse_mode', value)}, Linux ${release}`,
    client:
      wanted === '1'
        ? 'with many short connections is never sent to other pods'
        : 'with many short connections waits a second for some',
    mend: `sysctl -w net.ipv4.vs.conn_reuse_mode=${wanted}`,
  }),
)

export const nodestStays = ailment(
  'expire-nodest-conn',
  'warning',
  'connections to a real server that has gone come to an end',
  (value: string) => ({
    message: 'connections to a real server that has gone are kept, and their packets dropped',
    seen: setting('net.ipv4.vs.expire_nodest_conn', value),
    client: 'of UDP sends into the void until its entry times out; one of TCP hangs',
    mend: 'sysctl -w net.ipv4.vs.expire_nodest_conn=1',
  }),
)

export const quiescentStays = ailment(
  'expire-quiescent-template',
  'warning',
  'affinity ends when a real server drains',
  (value: string) => ({
    message: 'affinity holds clients to a real server that drains',
    seen: setting('net.ipv4.vs.expire_quiescent_template', value),
    client: 'with affinity is sent to the drained pod again and again',
    mend: 'sysctl -w net.ipv4.vs.expire_quiescent_template=1',
  }),
)

export const reversePath = ailment(
  'reverse-path',
  'warning',
  'packets are let in whose answers go another way',
  (drops: number, link: string, name: string) => ({
    message: `packets were dropped that came in by ${link}, since their answers would go another way`,
    seen: `IPReversePathFilter ${drops} (nstat -az TcpExtIPReversePathFilter), ${setting(name, '1')}`,
    client: `${waits}, if its way here is not the way back`,
    mend: `sysctl -w ${name}=2`,
  }),
)

export const tunnelReversePath = ailment(
  'tunnel-reverse-path',
  'error',
  'packets out of a tunnel are let in',
  (link: string, name: string) => ({
    message: `what a director sends through the tunnel is dropped: its answers do not go there`,
    seen: setting(name, '1'),
    client: waits,
    mend: `sysctl -w net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.${link}.rp_filter=0`,
  }),
)

export const tunnelMissing = ailment(
  'tunnel-missing',
  'error',
  'a node behind a director that tunnels has the end of a tunnel',
  (seen: string) => ({
    message: 'there is no tunnel at whose end this node could be',
    seen,
    client: waits,
    mend: 'modprobe ipip; ip link set tunl0 up',
  }),
)

export const answersARP = ailment(
  'answers-arp',
  'error',
  'a node behind a director keeps quiet about the addresses of Services',
  (address: string, name: string, value: string, wanted: string) => ({
    message: `this node tells the network that ${address} is here, where the director should be asked`,
    seen: setting(name, value),
    client: 'comes past the director, or to one node alone, as chance has it',
    mend: `sysctl -w ${name}=${wanted}`,
  }),
)

export const bridgeFilters = ailment(
  'bridge-filters',
  'warning',
  'a pod that is sent back to itself is reached',
  (port: string, bridge: string) => ({
    message: `bridged packets go through the firewall, and ${bridge} sends none back to where it came from`,
    seen: `${setting('net.bridge.bridge-nf-call-iptables', '1')}, and hairpin off (bridge -d link show dev ${port})`,
    client: `that is a pod ${waits} where it is given itself`,
    mend: `bridge link set dev ${port} hairpin on`,
  }),
)

export const firewallCloses = ailment(
  'firewall-closes',
  'error',
  'no firewall drops what Services need',
  ({ hook, how, chain, seenBy, opening }: Closed, what: string) => ({
    message: `a firewall drops ${what}`,
    seen: `${how} in ${chain} (${seenBy})`,
    client:
      hook === 'input' ? `${waits}, and IPVS never sees it` : `${waits}, whichever pod it is given`,
    mend: opening,
  }),
)

interface Closed {
  readonly hook: string
  readonly how: string
  readonly chain: string
  readonly seenBy: string
  readonly opening: string
}

export const ephemeralPort = ailment(
  'ephemeral-port',
  'warning',
  'this machine takes no node port for a connection of its own',
  (port: number, service: string, range: string, reserved: string) => ({
    message: `this machine may take nodePort ${port} of ${service} for a connection of its own`,
    seen: `${setting('net.ipv4.ip_local_port_range', range)}, and it is not in ip_local_reserved_ports`,
    client: 'notices nothing; a program of this machine that got the port loses its answers',
    mend: `sysctl -w net.ipv4.ip_local_reserved_ports=${reserved}`,
  }),
)

export const portTaken = ailment(
  'port-taken',
  'warning',
  'no program waits on a node port',
  (place: string, program: string, flag: string, service: string) => ({
    message: `${program} waits for clients on ${place}, which is a nodePort of ${service}`,
    seen: `ss -${flag}np`,
    client: `never reaches ${program}; once the Service is gone, ${program} answers in its place`,
    mend: `fuser -k ${place.slice(place.lastIndexOf(':') + 1)}/${flag === 'ltn' ? 'tcp' : 'udp'}  # or give the Service another nodePort`,
  }),
)

export const addressMissing = ailment(
  'address-missing',
  'error',
  'the addresses of Services are on an interface',
  (addresses: readonly string[], link: string | undefined, remedy: string) => ({
    message: `${some(addresses)} of Services ${addresses.length === 1 ? 'is' : 'are'} on no interface of this machine`,
    seen: `ip address show to ${addresses[0]}`,
    client: 'is told after some seconds that there is no such host, or nothing at all',
    // More than a person would type, or has an interface for, are left to us.
    mend:
      link === undefined || addresses.length > most
        ? remedy
        : addresses
            .map((ip) => `ip address add ${ip}/${ip.includes(':') ? 128 : 32} dev ${link}`)
            .join('\n'),
  }),
)

export const linkMissing = ailment(
  'interface-missing',
  'error',
  'there is the interface for the addresses of Services',
  (link: string) => ({
    message: `there is no interface ${link} to have the addresses of Services`,
    seen: `ip link show ${link}`,
    client: 'is told after some seconds that there is no such host, or nothing at all',
    mend: 'nodeport restore',
  }),
)

export const noRoute = ailment(
  'no-route',
  'error',
  'there is a way to each real server',
  (addresses: readonly string[], reason: string) => ({
    message: `there is no way from here to ${some(addresses)}`,
    seen: `ip route get ${addresses[0]}: ${reason}`,
    client: `is told that there is no such host, or ${waits}, whenever it is given such a pod`,
    mend: [
      ...addresses
        .slice(0, most)
        .map((ip) => `ip route add ${ip} via NODE  # the node of that pod`),
      ...(addresses.length > most ? [`# and so for ${addresses.length - most} more`] : []),
    ].join('\n'),
  }),
)

export const probeSilent = ailment(
  'endpoint-silent',
  'error',
  'real servers take connections',
  (place: string, said: string) => ({
    message: `${place} does not answer`,
    seen: `connecting to ${place}: ${said}`,
    client:
      said === 'refused'
        ? 'is refused whenever it is given this pod'
        : `${waits} whenever it is given this pod`,
    mend: `nodeport drain ${place}  # until it answers again`,
  }),
)

export const tunnelMTU = ailment(
  'tunnel-mtu',
  'warning',
  'tunnelled packets fit through the network',
  (link: string, mtu: number, real: string) => ({
    message: `packets of full length do not fit into the tunnel to ${real}`,
    seen: `mtu ${mtu} (ip link show ${link}); a tunnel takes 20 bytes of each packet, over IPv6 40`,
    client: 'gets short answers, and hangs where it sends much, if its network drops ICMP',
    mend: `ip link set ${link} mtu 1540  # and everywhere on the way; or let back ends say: ip route change default … advmss 1440`,
  }),
)

export const otherManager = ailment(
  'other-manager',
  'warning',
  'nobody else writes the table',
  (name: string, seen: string) => ({
    message: `${name} writes this table too`,
    seen,
    client: 'loses connections each time that one takes away what the other made',
    mend:
      name === 'kube-proxy'
        ? 'kubectl -n kube-system patch daemonset kube-proxy -p \'{"spec":{"template":{"spec":{"nodeSelector":{"nodeport.io/kube-proxy":"none"}}}}}\''
        : `systemctl disable --now ${name}`,
  }),
)

export const ledgerClock = ailment(
  'ledger-clock',
  'warning',
  'nothing in the ledger lies in the future',
  (when: string, now: string) => ({
    message: 'the ledger comes from the future: this clock is wrong, or was',
    seen: `${when} in the ledger, and it is ${now} (date -u)`,
    client: 'is kept from a drained pod for too long, or too short a time',
    mend: 'timedatectl set-ntp true',
  }),
)

export const drift = ailment(
  'drift',
  'error',
  'the table is as it was left',
  (changes: number, first: string) => ({
    message: `${changes === 1 ? 'a change was' : `${changes} changes were`} made to the table behind our back`,
    seen: `nodeport audit: ${first}`,
    client: 'is sent where nobody wanted it, or is refused',
    mend: 'nodeport restore',
  }),
)

export const rulesMissing = ailment(
  'rules-missing',
  'error',
  'packets are masqueraded where their answers would go astray',
  (seen: string, remedy: string) => ({
    message: 'nothing masquerades packets that would be answered past this machine',
    seen,
    client: `is answered by pods of this machine, and ${waits} where it is given another, or is one itself`,
    mend: remedy,
  }),
)

export const rulesDrift = ailment(
  'rules-drift',
  'error',
  'the rules of the firewall are as they were left',
  (line: string) => ({
    message: 'the rules of the firewall are not as we made them',
    seen: `nft list table inet nodeport: ${line}`,
    client: `may wait in vain, or is seen under an address that is not its own`,
    mend: 'nodeport restore',
  }),
)

/** Every kind, for lists. */
export const ailments: readonly AilmentKind[] = [
  ...[ipvsMissing, schedulerMissing, notPrivileged, forwardingOff, interfaceForwardingOff],
  ...[trackingOff, trackingFull, reuseMode, nodestStays, quiescentStays, reversePath],
  ...[tunnelReversePath, tunnelMissing, answersARP, bridgeFilters, firewallCloses, ephemeralPort],
  ...[portTaken, addressMissing, linkMissing, noRoute, probeSilent, tunnelMTU, otherManager],
  ...[ledgerClock, drift, rulesMissing, rulesDrift],
]

function some([first = '', ...others]: readonly string[]): string {
  return others.length === 0 ? first : `${first} and ${others.length} more`
}

/** A person does not type more commands than these. */
const most = 5
