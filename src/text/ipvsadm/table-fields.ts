import { forwardingName } from '../../table/held.ts'
import {
  Flag,
  Forwarding,
  lineOfCause,
  protocolNames,
  type RealServer,
  type Table,
  type VirtualServer,
} from '../../table/virtual-server.ts'
import { printNetmask } from './netmask.ts'
import { hasSchedulerFlags, printSchedulerFlags } from './scheduler-flags.ts'

/** A table as data for scripts, in Kubernetes' manner: one object, with names instead of numbers. */
export function tableFields(table: Table): object {
  return {
    apiVersion: 'nodeport.io/v1',
    kind: 'Table',
    virtualServers: table.map(serverFields),
  }
}

export function serverFields(server: VirtualServer): object {
  const { fwmark, family, protocol, address, port, scheduler, flags, timeout, netmask } = server
  const { engine, cause, realServers, counters } = server
  const persistent = (flags & Flag.persistent) !== 0
  const line = cause && lineOfCause(cause)
  return {
    ...(fwmark === 0
      ? { protocol: protocolNames.get(protocol) ?? String(protocol), address, port }
      : { fwmark }),
    family,
    scheduler,
    ...(hasSchedulerFlags(flags)
      ? { schedulerFlags: printSchedulerFlags(scheduler, flags).split(',') }
      : {}),
    ...(persistent
      ? { persistence: { timeoutSeconds: timeout, netmask: printNetmask(family, netmask), engine } }
      : {}),
    ...(flags & Flag.onePacket ? { onePacket: true } : {}),
    ...(cause === undefined
      ? {}
      : { service: cause.service, servicePort: cause.port, kind: cause.kind }),
    ...(line === undefined ? {} : { file: line.file, line: line.line }),
    ...(counters === undefined ? {} : { counters: plainNumbers(counters) }),
    realServers: realServers.map(realServerFields),
  }
}

export function realServerFields(real: RealServer): object {
  const { address, port, forwarding, weight, upperThreshold, lowerThreshold, tunnel } = real
  const { name, simulated, connections, counters } = real
  return {
    address,
    port,
    forwarding: forwardingName(forwarding),
    weight,
    ...(upperThreshold + lowerThreshold > 0 ? { upperThreshold, lowerThreshold } : {}),
    ...(forwarding === Forwarding.tunnel && tunnel !== undefined ? { tunnel } : {}),
    ...(name === undefined ? {} : { name }),
    ...(simulated ? { simulated } : {}),
    ...(connections === undefined ? {} : { connections }),
    ...(counters === undefined ? {} : { counters: plainNumbers(counters) }),
  }
}

/** JSON has no 64-bit numbers: beyond 2^53 they are rounded, which no counter here reaches in years. */
function plainNumbers(counters: object): object {
  return Object.fromEntries(Object.entries(counters).map(([name, value]) => [name, Number(value)]))
}
