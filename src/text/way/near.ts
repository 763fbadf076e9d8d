import { withPort } from '../../address/ip.ts'
import type { Paint } from '../../diagnostic/frame.ts'
import { printable } from '../../diagnostic/printable.ts'
import type { ServicePort } from '../../object/service.ts'
import type { Fate, Near } from '../../table/near.ts'
import type { View } from '../../table/view.ts'
import { identityOf } from '../../table/virtual-server.ts'
import type { Packet } from '../../table/way.ts'
import { alignColumns, describeStyle } from '../kubectl/columns.ts'
import { frontOf } from './way.ts'

/** What is said of a packet that no virtual server takes in. */
export function printNobody(
  { protocol, address, port }: Packet,
  fate: Fate,
  near: readonly Near[],
  view: View,
  paint: Paint,
): string {
  const whose = view.role === 'director' ? 'the director' : printable(view.name)
  const asked = paint.strong(`${protocol} ${withPort(address, port)}`)
  const head = `${asked} is no virtual server of ${whose}: ${fates[fate]}\n`
  const sentences = near.slice(0, most).map(sentenceOf)
  if (near.length > most) sentences.push(`and ${near.length - most} more`)
  const lines = sentences.map((said, index) => [index === 0 ? 'Near:' : '', said])
  return head + alignColumns(lines, describeStyle)
}

const most = 5

const fates: Readonly<Record<Fate, string>> = {
  host: 'whatever listens there answers, if anything does',
  'service-address': 'nothing but its Services answers on this address',
  elsewhere: 'the packet goes on to wherever the address is',
}

/** One near miss in words. */
export function sentenceOf(near: Near): string {
  switch (near.kind) {
    case 'protocol':
      return `${identityOf(near.server)} is ${frontOf(near)}`
    case 'ports': {
      const [first] = near.servers
      const more = near.servers.length > 1 ? `, and ${near.servers.length - 1} more ports` : ''
      return first === undefined
        ? ''
        : `${identityOf(first)} is ${frontOf({ server: first })}${more}`
    }
    case 'loopback':
      return 'IPVS never answers on a loopback address: ask for an address of the node'
    case 'other-node':
      return `it is an address of ${printable(near.node)}, whose table --node ${printable(near.node)} is for`
    case 'not-for-node-ports':
      return `it is an address of this node, but node ports answer ${onThese(near.addresses)}`
    case 'node-port':
      return `${near.port.nodePort} is the node port of ${named(near)}, which answers ${onThese(near.addresses)}`
    case 'inner-port':
      return innerPort(near)
    case 'endpoint': {
      const who = near.pod === undefined ? 'an endpoint' : `pod ${printable(near.pod)}`
      return `it is the address of ${who} of ${named(near)}, which answers there on ${near.number} without IPVS`
    }
  }
}

type Meant = { readonly service: string; readonly port: ServicePort }

function named({ service, port }: Meant): string {
  return `${printable(service)}, port ${printable(port.name || String(port.port))}`
}

function innerPort({ service, port, addresses }: Extract<Near, { kind: 'inner-port' }>): string {
  const inside = `inside the cluster that is ${named({ service, port })}`
  const [address] = addresses
  if (port.nodePort === 0 || address === undefined) return `${inside}, which has no node port`
  return `${inside}, which from outside is ${withPort(address, port.nodePort)}`
}

function onThese(addresses: readonly string[]): string {
  if (addresses.length === 0) return 'on no address of this node'
  const shown = addresses.length > most ? addresses.slice(0, most - 1) : addresses
  const more = addresses.length - shown.length
  return `on ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
