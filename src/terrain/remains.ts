import { widthOf } from '../address/cidr.ts'
import { familyOf, type IP } from '../address/ip.ts'

/** What a kube-proxy has put on this machine, besides its table. */
export interface Remains {
  /** It runs, in this network namespace. */
  readonly isRunning: boolean
  /** Those on its interface; nothing where there is none. */
  readonly addresses: readonly IP[] | undefined
  /** Chains that nobody but kube-proxy makes, as their firewalls name them. */
  readonly chains: readonly Chain[]
  readonly sets: readonly string[]
}

export interface Chain {
  readonly by: string
  readonly table: string
  readonly name: string
}

/** Where kube-proxy keeps the addresses of Services. */
export const proxyInterface = 'kube-ipvs0'

// The kubelet has chains of such names too: KUBE-FIREWALL, KUBE-KUBELET-CANARY, KUBE-MARK-MASQ.
const proxyChain =
  /^KUBE-(SERVICES|NODE-?PORTS?|LOAD-BALANCER|EXTERNAL-SERVICES|FORWARD|PROXY-\S+|SOURCE-RANGES-FIREWALL|IPVS-\S+|(SVC|SVL|EXT|SEP|FW)-\S+)$/

/** The chains of kube-proxy in what iptables-save prints. */
export function proxyChainsIn(saved: string, by: string): readonly Chain[] {
  let table = ''
  return saved.split('\n').flatMap((line) => {
    if (line.startsWith('*')) table = line.slice(1).trim()
    const name = /^:(\S+) /.exec(line)?.[1]
    return name !== undefined && proxyChain.test(name) ? [{ by, table, name }] : []
  })
}

/** The sets of kube-proxy among the names that ipset lists. */
export function proxySetsIn(names: string): readonly string[] {
  return names.split('\n').filter((name) => /^KUBE-\S+$/.test(name))
}

/** What nobody has any use for, as commands that would take it away. */
export function commandsAgainst(
  { isRunning, addresses = [], chains, sets }: Remains,
  wanted: ReadonlySet<IP>,
): readonly string[] {
  return [
    ...addresses
      .filter((ip) => !wanted.has(ip))
      .map((ip) => `ip address delete ${ip}/${widthOf(familyOf(ip))} dev ${proxyInterface}`),
    // As long as it runs, these are its tools.
    ...(isRunning ? [] : chains.map(({ by, table, name }) => `${by} -t ${table} -X ${name}`)),
    ...(isRunning ? [] : sets.map((name) => `ipset destroy ${name}`)),
  ]
}
