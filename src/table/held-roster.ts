import type { Protocol } from '../address/port.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Endpoint, EndpointSlice, SlicePort } from '../object/endpoint-slice.ts'
import type { Service } from '../object/service.ts'
import { servicesIn } from '../pool/held.ts'
import { sliceOf } from '../roster/pod-slices.ts'
import type { Roster } from '../roster/roster.ts'
import { serversOf } from './held.ts'
import { protocolNames, type RealServer, type VirtualServer } from './virtual-server.ts'

/**
 * Who answers, as far as a ledger knows: the real servers behind the cluster IPs that it holds. A
 * director has none of those, and so nobody is known to answer.
 */
export function rosterOfLedger(ledger: Ledger): Roster {
  const slices = servicesIn(ledger).map(([name, service]) => {
    const entry = ledger.entries.get(name)
    const servers = entry === undefined ? [] : serversOf(entry)
    const inside = servers.filter(({ cause }) => cause?.kind === 'clusterIP')
    return [name, slicesBehind(inside, service)] as const
  })
  return {
    slices: new Map(slices),
    endpoints: new Map(),
    nodes: new Map(),
    pods: () => new Map(),
    simulated: () => new Map(),
    weights: new Map(),
  }
}

interface Group {
  readonly family: VirtualServer['family']
  readonly ports: readonly SlicePort[]
  readonly endpoints: Endpoint[]
}

/** Addresses that answer on the same ports share a slice, as the controller has it. */
function slicesBehind(servers: readonly VirtualServer[], service: Service): EndpointSlice[] {
  const groups = new Map<string, Group>()
  for (const { family, realServer, ports } of answering(servers, service)) {
    const key = [family, ...ports.map((it) => `${it.name} ${it.protocol} ${it.port}`)].join()
    const group = groups.get(key) ?? { family, ports, endpoints: [] }
    if (group.endpoints.length === 0) groups.set(key, group)
    group.endpoints.push(endpointOf(realServer))
  }
  return [...groups.values()].map(({ family, ports, endpoints }, index) =>
    sliceOf(service, family, index, ports, endpoints),
  )
}

interface Answering {
  readonly family: VirtualServer['family']
  readonly realServer: RealServer
  readonly ports: SlicePort[]
}

/** Each address once, with all the ports that it answers on. */
function answering(servers: readonly VirtualServer[], service: Service): Iterable<Answering> {
  const byAddress = new Map<string, Answering>()
  for (const { family, protocol, cause, realServers } of servers) {
    const name = portName(service, cause?.port)
    for (const realServer of realServers) {
      const known = byAddress.get(realServer.address) ?? { family, realServer, ports: [] }
      byAddress.set(realServer.address, known)
      const text = protocolNames.get(protocol) as Protocol
      known.ports.push({ name, protocol: text, port: realServer.port, appProtocol: undefined })
    }
  }
  return byAddress.values()
}

/** A port without a name goes by its number. */
function portName({ spec }: Service, port: string | undefined): string {
  return spec.ports.some(({ name }) => name === port) ? (port ?? '') : ''
}

function endpointOf({ address, name }: RealServer): Endpoint {
  return {
    address,
    otherAddresses: undefined,
    ready: true,
    serving: true,
    terminating: false,
    nodeName: undefined,
    zone: undefined,
    hints: undefined,
    pod: name,
  }
}
