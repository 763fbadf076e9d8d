import { type CIDR, contains, isAny, readCIDR, singleAddress } from '../address/cidr.ts'
import { compareIPs, type Family, familyOf, type IP, ipIn } from '../address/ip.ts'

/** An address of a host, and the interface that has it. */
export interface HostAddress {
  readonly interface: string
  readonly address: string
}

/** On which of a node's addresses node ports answer: `--nodeport-addresses`. */
export type NodePortAddresses = 'primary' | readonly CIDR[]

/**
 * Reads `--nodeport-addresses` as kube-proxy does, `nodePortAddresses` in its configuration being the
 * same. Where it makes no sense, `refuse` is told so in kube-proxy's words, and nothing is narrowed.
 */
export function parseNodePortAddresses(
  texts: readonly string[],
  refuse: (sentence: string) => void,
): NodePortAddresses {
  const cidrs: CIDR[] = []
  for (const [index, text] of texts.entries()) {
    const isPrimary = text === 'primary'
    if (isPrimary && texts.length === 1) return 'primary'
    const read = isPrimary ? undefined : readCIDR(text)
    if (read === undefined) {
      const name = `KubeProxyConfiguration.NodePortAddresses[${index}]`
      const detail = isPrimary ? "can't use both 'primary' and CIDRs" : 'must be a valid CIDR'
      refuse(`${name}: Invalid value: ${JSON.stringify(text)}: ${detail}`)
      return []
    }
    cidrs.push(read.cidr)
  }
  return cidrs
}

/**
 * The addresses on which node ports answer, as kube-proxy's IPVS mode finds them. A family that no
 * CIDR is of is not narrowed at all, and no node port ever answers on a loopback address.
 */
export function nodePortIPs(
  host: readonly HostAddress[],
  wanted: NodePortAddresses,
  primary: readonly IP[],
): readonly IP[] {
  const cidrs = wanted === 'primary' ? primaryBlocks(primary) : wanted
  return families.flatMap((family) => {
    const own = cidrs.filter(({ base }) => familyOf(base) === family)
    const fits = own.length === 0 || own.some(isAny) ? isBindable : isWithin(own)
    const ips = new Set<IP>()
    for (const address of host) {
      const ip = ipIn(address.address)
      if (ip !== undefined && familyOf(ip) === family && fits(address, ip)) ips.add(ip)
    }
    return [...ips].filter((ip) => !isLoopback(ip)).sort(compareIPs)
  })
}

const families: readonly Family[] = ['IPv4', 'IPv6']

/** The first of each family; a family without one is not narrowed. */
function primaryBlocks(ips: readonly IP[]): readonly CIDR[] {
  return families.flatMap((family) => {
    const ip = ips.find((it) => familyOf(it) === family && !isLoopback(it))
    return ip === undefined ? [] : singleAddress(ip)
  })
}

/** Where cluster IPs and the like are bound, by kube-proxy and by nodeport: no addresses of the host. */
const dummies = ['kube-ipvs0', 'nodeport0']

function isBindable(address: HostAddress, ip: IP): boolean {
  return !dummies.includes(address.interface) && !isLinkLocal(ip)
}

/**
 * kube-proxy takes what a CIDR holds from every interface, even its own. Ours stays out, or a second
 * run would find what the first one bound.
 */
function isWithin(cidrs: readonly CIDR[]): typeof isBindable {
  return (address, ip) =>
    address.interface !== 'nodeport0' && cidrs.some((cidr) => contains(cidr, ip))
}

function isLoopback(ip: IP): boolean {
  return ip === '::1' || ip.startsWith('127.')
}

/** Only of IPv6: 169.254.0.0/16 counts like any other. fe80::/10 reaches to febf. */
function isLinkLocal(ip: IP): boolean {
  return /^fe[89ab][0-9a-f]:/.test(ip)
}
