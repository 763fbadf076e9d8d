import { familyOf, type IP, withPort } from '../address/ip.ts'
import { inRange, type PortRange, parseRange, printRange } from '../address/port.ts'
import type { HeldTerrain } from '../ledger/ledger.ts'
import {
  Forwarding,
  protocolNames,
  type Table,
  type VirtualServer,
} from '../table/virtual-server.ts'
import {
  type Ailment,
  addressMissing,
  answersARP,
  bridgeFilters,
  ephemeralPort,
  firewallCloses,
  forwardingOff,
  interfaceForwardingOff,
  ipvsMissing,
  ledgerClock,
  linkMissing,
  nodestStays,
  noRoute,
  notPrivileged,
  otherManager,
  portTaken,
  probeSilent,
  quiescentStays,
  reuseMode,
  reversePath,
  rulesDrift,
  rulesMissing,
  schedulerMissing,
  trackingFull,
  trackingOff,
  tunnelMissing,
  tunnelMTU,
  tunnelReversePath,
} from './ailments.ts'
import { linesOf } from './commands.ts'
import { lets } from './course.ts'
import type { ClosedHook, Examination, ExaminationWish } from './examination.ts'
import type { Link } from './link.ts'
import type { Steps } from './steps.ts'
import { reuseModeFor } from './terrain.ts'

/** What a machine is held against. */
export interface Needs {
  readonly table: Table
  readonly held: HeldTerrain | undefined
  /** The interface that is to have the addresses of Services. */
  readonly interface: string
  /** It stands behind a director that sends packets on as they are. */
  readonly behind: 'route' | 'tunnel' | undefined
  /** Moments that the ledger names as past. */
  readonly dates: readonly string[]
  readonly now: Date
  /** What it would take to make the rules of the firewall what they are to be. */
  readonly steps: Steps | undefined
  /** The command that makes this machine fit for the table. */
  readonly remedy: string
}

/** What has to be known of a machine for its table. */
export function examinationFor(
  table: Table,
  { probe }: { readonly probe: boolean },
): ExaminationWish {
  const realServers = new Map<string, { readonly address: IP; readonly port: number }>()
  const probes = new Map<string, { readonly address: IP; readonly port: number }>()
  for (const { protocol, realServers: all } of table) {
    for (const { address, port, forwarding } of all) {
      realServers.set(address, { address, port })
      const isAsked = probe && protocol === 6 && forwarding === Forwarding.masq
      if (isAsked) probes.set(withPort(address, port), { address, port })
    }
  }
  return {
    sysctls: [
      ...['net.ipv4.ip_forward', 'net.ipv6.conf.all.forwarding'],
      ...['conntrack', 'conn_reuse_mode', 'expire_nodest_conn', 'expire_quiescent_template'].map(
        (name) => `net.ipv4.vs.${name}`,
      ),
      ...['net.ipv4.ip_local_port_range', 'net.ipv4.ip_local_reserved_ports'],
      ...['net.ipv4.conf.all.rp_filter', 'net.ipv4.conf.all.arp_ignore'],
      'net.ipv4.conf.all.arp_announce',
    ],
    interfaceSysctls: ['net.ipv4.conf.*.forwarding', 'net.ipv4.conf.*.rp_filter'],
    schedulers: [...new Set(table.map(({ scheduler }) => scheduler))],
    realServers: [...realServers.values()].map(({ address }) => address),
    probes: [...probes.values()],
  }
}

/** What a machine lacks for a table, the gravest first. */
export function diagnose(seen: Examination, needs: Needs): readonly Ailment[] {
  const all = [
    ...ipvs(seen, needs),
    ...forwarding(seen, needs),
    ...tracking(seen, needs),
    ...expiry(seen),
    ...addresses(seen, needs),
    ...ways(seen, needs),
    ...firewall(seen, needs),
    ...ports(seen, needs),
    ...backEnd(seen, needs),
    ...others(seen, needs),
  ]
  return [...all.filter(isError), ...all.filter((ailment) => !isError(ailment))]
}

function isError({ severity }: Ailment): boolean {
  return severity === 'error'
}

function ipvs({ hasIPVS, missingSchedulers, isPrivileged }: Examination, _: Needs): Ailment[] {
  return [
    ...(hasIPVS ? [] : [ipvsMissing()]),
    ...missingSchedulers.map((scheduler) => schedulerMissing(scheduler)),
    ...(isPrivileged ? [] : [notPrivileged()]),
  ]
}

function forwarding({ sysctls, links, routes }: Examination, { table }: Needs): Ailment[] {
  const rewritten = table.filter(isRewritten)
  const names = [
    ['IPv4', 'net.ipv4.ip_forward'],
    ['IPv6', 'net.ipv6.conf.all.forwarding'],
  ] as const
  const off = names.filter(
    ([family, name]) => sysctls.get(name) === '0' && rewritten.some((it) => it.family === family),
  )
  const found = off.map(([, name]) => forwardingOff(name))
  // Where nothing is sent on at all, an interface more or less makes no difference.
  const isAsked = rewritten.some(({ family }) => family === 'IPv4')
  if (!isAsked || off.some(([family]) => family === 'IPv4')) return found
  const behind = new Set(
    [...routes].flatMap(([ip, route]) =>
      familyOf(ip) === 'IPv4' && typeof route !== 'string' && !route.isLocal ? [route.index] : [],
    ),
  )
  return [
    ...found,
    ...links
      .filter(({ index }) => behind.has(index))
      .flatMap(({ name: link }) => {
        const name = `net.ipv4.conf.${link}.forwarding`
        return sysctls.get(name) === '0' ? [interfaceForwardingOff(name, link)] : []
      }),
  ]
}

function tracking({ sysctls, tracked }: Examination, { table }: Needs): Ailment[] {
  const isOff = sysctls.get('net.ipv4.vs.conntrack') === '0' && table.some(isRewritten)
  const isFull = tracked !== undefined && tracked.count > 0.9 * tracked.most
  return [
    ...(isOff ? [trackingOff()] : []),
    ...(isFull ? [trackingFull(tracked.count, tracked.most)] : []),
  ]
}

function expiry({ sysctls, release }: Examination): Ailment[] {
  const reuse = sysctls.get('net.ipv4.vs.conn_reuse_mode')
  const wanted = reuseModeFor(release)
  return [
    ...(reuse === undefined || reuse === wanted ? [] : [reuseMode(reuse, wanted, release)]),
    ...off(sysctls, 'net.ipv4.vs.expire_nodest_conn', nodestStays),
    ...off(sysctls, 'net.ipv4.vs.expire_quiescent_template', quiescentStays),
  ]
}

function off(
  sysctls: Examination['sysctls'],
  name: string,
  found: (value: string) => Ailment,
): Ailment[] {
  const value = sysctls.get(name)
  return value === '0' ? [found(value)] : []
}

function addresses(
  { addresses: own, links }: Examination,
  { table, interface: ours, held, remedy }: Needs,
): Ailment[] {
  const wanted = new Set(table.flatMap(({ address, fwmark }) => (fwmark === 0 ? [address] : [])))
  const missing = [...wanted].filter((address) => !own.has(address))
  if (missing.length === 0) return []
  const isThere = links.some(({ name }) => name === ours)
  if (!isThere && held !== undefined) return [linkMissing(ours)]
  return [addressMissing(missing, isThere ? ours : undefined, remedy)]
}

function ways({ routes, links, probes }: Examination, { table }: Needs): Ailment[] {
  const reasons = new Map<string, string[]>()
  for (const [ip, route] of routes) {
    if (typeof route !== 'string') continue
    const known = reasons.get(route)
    if (known === undefined) reasons.set(route, [ip])
    else known.push(ip)
  }
  return [
    ...[...reasons].map(([reason, ips]) => noRoute(ips, reason)),
    ...[...probes].flatMap(([place, said]) =>
      said === 'answers' ? [] : [probeSilent(place, said)],
    ),
    ...tooSmall(table, { routes, links }),
  ]
}

/** Clients send packets of 1500 bytes. */
const usualMTU = 1500

function tooSmall(
  table: Table,
  { routes, links }: Pick<Examination, 'routes' | 'links'>,
): Ailment[] {
  const found = new Map<string, Ailment>()
  for (const { realServers } of table) {
    for (const { address, forwarding } of realServers) {
      if (forwarding !== Forwarding.tunnel) continue
      const route = routes.get(address)
      if (route === undefined || typeof route === 'string') continue
      const link = links.find(({ index }) => index === route.index)
      const mtu = route.mtu === 0 ? (link?.mtu ?? 0) : route.mtu
      const least = usualMTU + (familyOf(address) === 'IPv4' ? 20 : 40)
      if (link === undefined || mtu >= least || found.has(link.name)) continue
      found.set(link.name, tunnelMTU(link.name, mtu, address))
    }
  }
  return [...found.values()]
}

function firewall(
  { closedHooks, rules, withoutHairpin, links }: Examination,
  needs: Needs,
): Ailment[] {
  const [port] = withoutHairpin
  const bridge = links.find(({ index }) => index === masterOf(port, links))
  return [
    ...closedHooks.flatMap((closed) => shut(closed, needs.table)),
    ...(port === undefined || bridge === undefined ? [] : [bridgeFilters(port, bridge.name)]),
    ...masquerading(rules, needs),
  ]
}

function masterOf(port: string | undefined, links: readonly Link[]): number | undefined {
  return links.find(({ name }) => name === port)?.master
}

/** Is there nothing that would let in what comes for a Service? Rules are looked at by their texts. */
function shut(closed: ClosedHook, table: Table): Ailment[] {
  const { hook } = closed
  if (table.length === 0) return []
  if (hook !== 'input') {
    const what = hook === 'forward' ? 'what pods answer' : 'what is sent to pods'
    return lets(closed, 0) ? [] : [firewallCloses(closed, what)]
  }
  const missing = table.find(({ port, cause }) => cause?.kind === 'nodePort' && !lets(closed, port))
  return missing === undefined ? [] : [firewallCloses(closed, `what asks for port ${missing.port}`)]
}

function masquerading(rules: Examination['rules'], { table, steps, remedy }: Needs): Ailment[] {
  if (rules === undefined || !table.some(isRewritten)) return []
  if (rules.by === 'nftables' && rules.sets === undefined) {
    return [rulesMissing('nft list table inet nodeport: no such table', remedy)]
  }
  if (rules.by === 'iptables' && rules.chains.iptables.digest === undefined) {
    return [rulesMissing('iptables-legacy -t nat -L NODEPORT: no such chain', remedy)]
  }
  const [line] = linesOf(
    [...(steps?.first ?? []), ...(steps?.last ?? [])].filter(({ kind }) => kind === 'rules'),
  )
  return line === undefined ? [] : [rulesDrift(`${line.sign} ${line.text}`)]
}

function ports({ sysctls, listeners }: Examination, { table }: Needs): Ailment[] {
  const servers = table.filter(({ cause }) => cause?.kind === 'nodePort')
  return [...ephemeral(sysctls, servers), ...taken(listeners, servers)]
}

function ephemeral(sysctls: Examination['sysctls'], servers: Table): Ailment[] {
  const written = (sysctls.get('net.ipv4.ip_local_port_range') ?? '').split(/\s+/).map(Number)
  const [first = 0, last = 0] = written
  const reserved = (sysctls.get('net.ipv4.ip_local_reserved_ports') ?? '').split(',')
  const ranges = reserved.flatMap((text): PortRange[] => {
    const range = parseRange(text)
    return typeof range === 'string' ? [] : [range]
  })
  const found = servers.filter(
    ({ port }) => inRange({ first, last }, port) && !ranges.some((range) => inRange(range, port)),
  )
  const all = [...new Set(found.map(({ port }) => port))].sort((a, b) => a - b)
  const wanted = [...ranges.map(printOne), ...all.map(String)].join(',')
  const [example] = found
  if (example === undefined) return []
  const service = example.cause?.service ?? ''
  return [ephemeralPort(example.port, service, `${first} ${last}`, wanted)]
}

function printOne(range: PortRange): string {
  return range.first === range.last ? String(range.first) : printRange(range)
}

function taken(listeners: Examination['listeners'], servers: Table): Ailment[] {
  const found = new Map<string, Ailment>()
  for (const { protocol, address, port, cause } of servers) {
    const listener = listeners.find(
      (it) =>
        it.port === port &&
        it.protocol === protocolNames.get(protocol) &&
        (isAnywhere(it.address) || it.address === address),
    )
    if (listener === undefined) continue
    const place = withPort(listener.address, port)
    const flag = listener.protocol === 'UDP' ? 'lun' : 'ltn'
    const program = listener.program ?? 'a program of this machine'
    const key = `${flag} ${place}`
    if (!found.has(key)) found.set(key, portTaken(place, program, flag, cause?.service ?? ''))
  }
  return [...found.values()]
}

function isAnywhere(address: IP): boolean {
  return address === '0.0.0.0' || address === '::'
}

/** What is asked of a node that gets packets as clients sent them. */
function backEnd(seen: Examination, { table, behind }: Needs): Ailment[] {
  const { sysctls, links, reversePathDrops } = seen
  const tunnels = links.filter(({ kind, isUp }) => kind === 'ipip' && isUp)
  const strict = links.flatMap(({ name: link, kind }) => {
    const name = `net.ipv4.conf.${link}.rp_filter`
    const all = Number(sysctls.get('net.ipv4.conf.all.rp_filter') ?? 0)
    const isStrict = Math.max(all, Number(sysctls.get(name) ?? 0)) === 1
    return isStrict && link !== 'lo' ? [{ link, kind, name: all === 1 ? allFilter : name }] : []
  })
  const inTunnel = strict.find(({ kind, link }) => {
    return kind === 'ipip' && tunnels.some(({ name }) => name === link)
  })
  const [first] = strict
  const dropping =
    reversePathDrops > 0 && first !== undefined && inTunnel === undefined
      ? [reversePath(reversePathDrops, first.link, first.name)]
      : []
  if (behind === undefined) return dropping
  const vip = table.find(
    ({ cause }) => cause?.kind === 'externalIP' || cause?.kind === 'loadBalancer',
  )
  const arp = [
    ['net.ipv4.conf.all.arp_ignore', '1'],
    ['net.ipv4.conf.all.arp_announce', '2'],
  ] as const
  const told = arp.find(([name, wanted]) => (sysctls.get(name) ?? '0') < wanted)
  return [
    ...dropping,
    ...(told === undefined || vip === undefined
      ? []
      : [answersARP(vip.address, told[0], sysctls.get(told[0]) ?? '0', told[1])]),
    ...(behind === 'tunnel' && tunnels.length === 0
      ? [tunnelMissing('ip -d link show type ipip: none that is up')]
      : []),
    ...(behind === 'tunnel' && inTunnel !== undefined
      ? [tunnelReversePath(inTunnel.link, inTunnel.name)]
      : []),
  ]
}

const allFilter = 'net.ipv4.conf.all.rp_filter'

function others({ managers, links }: Examination, { dates, now }: Needs): Ailment[] {
  const hasKubeProxy = links.some(({ name }) => name === 'kube-ipvs0')
  const named = managers.map((name) => otherManager(name, `pgrep -a ${name}`))
  const late = [...dates].sort().at(-1)
  // Clocks of a few machines never agree to the second.
  const isLate = late !== undefined && new Date(late).getTime() > now.getTime() + 60_000
  return [
    ...named,
    ...(hasKubeProxy && !managers.includes('kube-proxy')
      ? [otherManager('kube-proxy', 'ip link show kube-ipvs0')]
      : []),
    ...(isLate ? [ledgerClock(late, now.toISOString())] : []),
  ]
}

function isRewritten({ realServers }: VirtualServer): boolean {
  return realServers.some(({ forwarding }) => forwarding === Forwarding.masq)
}
