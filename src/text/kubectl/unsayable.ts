import { familyOf, withPort } from '../../address/ip.ts'
import { field } from '../../object/api-error.ts'
import { destinationErrors } from '../../object/ip-rules.ts'
import { schedulers } from '../../table/scheduler.ts'
import {
  Flag,
  Forwarding,
  fullNetmask,
  protocolNames,
  type RealServer,
  type VirtualServer,
} from '../../table/virtual-server.ts'

/** Why no Service compiles to a virtual server; nothing where one does. */
export function whyUnsayable(server: VirtualServer): string | undefined {
  const { realServers } = server
  for (const [reason, holds] of reasons) if (holds(server)) return reason
  const odd = realServers.find((real) => isOddRealServer(real, server))
  if (odd !== undefined) {
    return `no EndpointSlice has the real server ${withPort(odd.address, odd.port)}`
  }
  const [first] = realServers
  if (first === undefined) return undefined
  if (!realServers.every(({ forwarding }) => forwarding === first.forwarding)) {
    return 'a Service forwards to all of its real servers in one way'
  }
  const same = ({ upperThreshold, lowerThreshold }: RealServer) =>
    upperThreshold === first.upperThreshold && lowerThreshold === first.lowerThreshold
  return realServers.every(same) ? undefined : 'a Service has one pair of thresholds'
}

/** The longest that an API server takes. */
const longestAffinity = 86_400

const reasons: readonly [reason: string, holds: (server: VirtualServer) => boolean][] = [
  ['a Service has no firewall mark', ({ fwmark }) => fwmark !== 0],
  ['a Service is of TCP, UDP or SCTP', ({ protocol }) => !protocolNames.has(protocol)],
  ['a Service has no port 0', ({ port }) => port === 0],
  ['a Service has no such address', ({ address }) => !isDestination(address)],
  ['a Service has no such scheduler', ({ scheduler }) => !schedulers.includes(scheduler)],
  ['a Service does not schedule packets one by one', ({ flags }) => (flags & Flag.onePacket) !== 0],
  ['a Service has no persistence engine', ({ engine }) => (engine ?? '') !== ''],
  [
    'a Service keeps its clients for at least a second and at most a day',
    ({ flags, timeout }) =>
      (flags & Flag.persistent) !== 0 && (timeout < 1 || timeout > longestAffinity),
  ],
  [
    'a Service tells clients apart by their whole address',
    ({ netmask, family }) => netmask !== fullNetmask[family],
  ],
]

function isOddRealServer(real: RealServer, { port, family }: VirtualServer): boolean {
  const { forwarding, tunnel, address } = real
  if (familyOf(address) !== family || !isDestination(address)) return true
  if (forwarding === Forwarding.masq) return false
  if (real.port !== port) return true
  if (forwarding === Forwarding.route) return false
  return forwarding !== Forwarding.tunnel || (tunnel?.type ?? 0) !== 0
}

function isDestination(address: string): boolean {
  return destinationErrors(field('address'), address).length === 0
}
