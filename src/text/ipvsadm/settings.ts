import type { SyncDaemon, Timeouts } from '../../table/settings.ts'
import { inetNtop } from './inet.ts'

/** As `ipvsadm -L --timeout`. */
export function printTimeouts({ tcp, tcpFin, udp }: Timeouts): string {
  return `Timeout (tcp tcpfin udp): ${tcp | 0} ${tcpFin | 0} ${udp | 0}\n`
}

/** As `ipvsadm -L --daemon`: nothing at all where none runs; what is 0 the kernel does not say. */
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
