import { type Family, ipFromWords } from '../address/ip.ts'
import {
  type Counters,
  Forwarding,
  type RealServer,
  type VirtualServer,
  zeroCounters,
} from '../table/virtual-server.ts'
import { Attributes } from './attributes.ts'
import {
  counters as counterNests,
  destination,
  familyNumber,
  nest,
  service,
  stats,
} from './ipvs.ts'
import type { Message } from './message.ts'

const anyAddress = { IPv4: ipFromWords([0]), IPv6: ipFromWords([0, 0, 0, 0]) }

// Every message is taken apart before the next one comes, so they share these.
const outer = new Attributes()
const inner = new Attributes()
const statistics = new Attributes()

/** A virtual server without its real servers, which come in messages of their own. */
export function decodeVirtualServer(
  { view, start, end }: Message,
  withCounters: boolean,
): VirtualServer | undefined {
  outer.find(view, start, end)
  if (!inner.findIn(outer, nest.service)) return undefined
  const family = familyOfNumber(inner.get(service.family, familyNumber.IPv4, 'IPv4'))
  const engine = inner.get(service.engine, '', family)
  return {
    family,
    protocol: inner.get(service.protocol, 0, family),
    address: inner.get(service.address, anyAddress[family], family),
    port: inner.get(service.port, 0, family),
    fwmark: inner.get(service.fwmark, 0, family),
    scheduler: inner.get(service.scheduler, '', family),
    flags: inner.get(service.flags, 0, family),
    timeout: inner.get(service.timeout, 0, family),
    netmask: inner.get(service.netmask, 0, family),
    engine: engine === '' ? undefined : engine,
    realServers: [],
    counters: withCounters ? decodeCounters(counterNests.service) : undefined,
  }
}

/** A real server, of the family of its virtual server where it does not say another. */
export function decodeRealServer(
  { view, start, end }: Message,
  family: Family,
  withCounters: boolean,
): RealServer | undefined {
  outer.find(view, start, end)
  if (!inner.findIn(outer, nest.destination)) return undefined
  const number = inner.get(destination.family, 0, family)
  const own = number === 0 ? family : familyOfNumber(number)
  // The lowest three bits are the way of forwarding; the others belong to connections.
  const forwarding = inner.get(destination.forwarding, 0, own) & 7
  const tunnel = {
    type: inner.get(destination.tunnelType, 0, own),
    port: inner.get(destination.tunnelPort, 0, own),
    flags: inner.get(destination.tunnelFlags, 0, own),
  }
  const isTunnel = forwarding === Forwarding.tunnel || tunnel.type + tunnel.port + tunnel.flags > 0
  return {
    address: inner.get(destination.address, anyAddress[own], own),
    port: inner.get(destination.port, 0, own),
    forwarding,
    weight: inner.get(destination.weight, 0, own),
    upperThreshold: inner.get(destination.upperThreshold, 0, own),
    lowerThreshold: inner.get(destination.lowerThreshold, 0, own),
    tunnel: isTunnel ? tunnel : undefined,
    connections: {
      active: inner.get(destination.active, 0, own),
      inactive: inner.get(destination.inactive, 0, own),
      persistent: inner.get(destination.persistent, 0, own),
    },
    counters: withCounters ? decodeCounters(counterNests.destination) : undefined,
  }
}

/** Kernels before 4.1 have the old ones alone. */
function decodeCounters({ wide, old }: { wide: number; old: number }): Counters {
  if (!statistics.findIn(inner, wide) && !statistics.findIn(inner, old)) return zeroCounters
  return {
    connections: statistics.get(stats.connections, 0n, 'IPv4'),
    inPackets: statistics.get(stats.inPackets, 0n, 'IPv4'),
    outPackets: statistics.get(stats.outPackets, 0n, 'IPv4'),
    inBytes: statistics.get(stats.inBytes, 0n, 'IPv4'),
    outBytes: statistics.get(stats.outBytes, 0n, 'IPv4'),
    connectionRate: statistics.get(stats.connectionRate, 0n, 'IPv4'),
    inPacketRate: statistics.get(stats.inPacketRate, 0n, 'IPv4'),
    outPacketRate: statistics.get(stats.outPacketRate, 0n, 'IPv4'),
    inByteRate: statistics.get(stats.inByteRate, 0n, 'IPv4'),
    outByteRate: statistics.get(stats.outByteRate, 0n, 'IPv4'),
  }
}

function familyOfNumber(number: number): Family {
  return number === familyNumber.IPv6 ? 'IPv6' : 'IPv4'
}
