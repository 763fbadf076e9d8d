import type { IP } from '../../address/ip.ts'
import { inetNtop } from './inet.ts'

/** After how many seconds of silence connections are forgotten. */
export interface Timeouts {
  readonly tcp: number
  readonly tcpFin: number
  readonly udp: number
}

/** As `ipvsadm -L --timeout`. */
export function printTimeouts({ tcp, tcpFin, udp }: Timeouts): string {
  return `Timeout (tcp tcpfin udp): ${tcp | 0} ${tcpFin | 0} ${udp | 0}\n`
}

/** One that tells other hosts of our connections, or listens to them. */
export interface SyncDaemon {
  readonly state: 'master' | 'backup'
  readonly interface: string
  readonly syncId: number
  /** 0 where the kernel does not say, as before 4.3; so for `port` and `ttl`. */
  readonly maxLength: number
  readonly group: IP | undefined
  readonly port: number
  readonly ttl: number
}

/** As `ipvsadm -L --daemon`: nothing at all where none runs. */
export function printDaemons(daemons: readonly SyncDaemon[]): string {
  return [...daemons]
    .sort((a, b) => rank[a.state] - rank[b.state])
    .map(printDaemon)
    .join('')
}

const rank = { master: 0, backup: 1 } as const

function printDaemon(daemon: SyncDaemon): string {
  const { state, syncId, maxLength, group, port, ttl } = daemon
  const parts = [`mcast=${daemon.interface}`, `syncid=${syncId}`]
  if (maxLength !== 0) parts.push(`maxlen=${maxLength}`)
  if (group !== undefined) parts.push(`group=${inetNtop(group)}`)
  if (port !== 0) parts.push(`port=${port}`)
  if (ttl !== 0) parts.push(`ttl=${ttl}`)
  return `${state} sync daemon (${parts.join(', ')})\n`
}
