import { positionOf } from '../../diagnostic/source.ts'
import type { Fate, Near } from '../../table/near.ts'
import type { View } from '../../table/view.ts'
import type { LeftOut, Packet, Way } from '../../table/way.ts'
import { realServerFields, serverFields } from '../ipvsadm/table-fields.ts'
import { sentenceOf } from './near.ts'

/** The way of a packet as data for scripts. */
export function wayFields(packet: Packet, way: Way, view: View): object {
  const { server, stops, leftOut, policy, source, by, why, service } = way
  const span = server.cause?.place?.span()
  const ranges = service.spec.loadBalancerSourceRanges
  return {
    ...head(packet, view),
    answered: stops.length > 0,
    virtualServer: {
      ...serverFields(server),
      ...(span === undefined ? {} : { column: positionOf(span.source, span.start).column }),
      realServers: stops.map(({ realServer, nodeName }) => ({
        ...realServerFields(realServer),
        node: nodeName,
      })),
    },
    leftOut: leftOut.map(leftOutFields),
    trafficPolicy: policy,
    source,
    sourceRanges: server.cause?.kind === 'loadBalancer' ? ranges : undefined,
    knownFrom: by,
    why,
  }
}

/** What there is to say of a packet that no virtual server takes in. */
export function nobodyFields(
  packet: Packet,
  fate: Fate,
  near: readonly Near[],
  view: View,
): object {
  return {
    ...head(packet, view),
    answered: false,
    fate,
    near: near.map((it) => ({ kind: it.kind, message: sentenceOf(it) })),
  }
}

function head({ protocol, address, port }: Packet, view: View): object {
  return {
    apiVersion: 'nodeport.io/v1',
    kind: 'Way',
    packet: { protocol, address, port },
    role: view.role,
    node: view.role === 'node' ? view.name : undefined,
  }
}

function leftOutFields({ keptFor, nodeName, ...left }: LeftOut): object {
  return { ...left, node: nodeName, ...(keptFor.length > 0 ? { keptFor } : {}) }
}
