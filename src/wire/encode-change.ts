import { type Family, familyOf } from '../address/ip.ts'
import {
  type Change,
  type RealServerChange,
  type ServerChange,
  sameRealServer,
  type Verb,
} from '../table/change.ts'
import type { RealServer, VirtualServer } from '../table/virtual-server.ts'
import { command, destination, familyNumber, nest, service } from './ipvs.ts'
import { type MessageWriter, messageFlag } from './message-writer.ts'

const commandOf = {
  add: command.newService,
  edit: command.setService,
  delete: command.delService,
  attach: command.newDest,
  adjust: command.setDest,
  detach: command.delDest,
} as const satisfies Record<Verb, number>

/**
 * Writes changes as messages. Most of them come in rows that do the same to one real server after
 * another, so that a message is the one before it with another address.
 */
export class ChangeWriter {
  readonly #out: MessageWriter
  readonly #family: number
  #last: RealServerChange | undefined
  #addressAt = 0
  #portAt = 0

  constructor(out: MessageWriter, family: number) {
    this.#out = out
    this.#family = family
  }

  /** To be told when the messages before are gone. */
  clear(): void {
    this.#out.clear()
    this.#last = undefined
  }

  write(change: Change): void {
    switch (change.verb) {
      case 'add':
      case 'edit':
      case 'delete':
        this.#writeServer(change)
        return
      case 'attach':
      case 'adjust':
      case 'detach':
        if (isAlike(this.#last, change)) this.#repeatFor(change)
        else this.#writeRealServer(change)
        this.#last = change
    }
  }

  #writeServer({ verb, server }: ServerChange): void {
    const out = this.#out
    this.#last = undefined
    out.begin(this.#family, commandOf[verb], messageFlag.request)
    const start = out.open(nest.service)
    writeIdentity(out, server)
    if (verb !== 'delete') writeServerSettings(out, server)
    out.close(start)
    out.end()
  }

  #writeRealServer({ verb, server, realServer }: RealServerChange): void {
    const out = this.#out
    const { address, port } = realServer
    const { family } = server
    out.begin(this.#family, commandOf[verb], messageFlag.request)
    const outer = out.open(nest.service)
    writeIdentity(out, server)
    out.close(outer)
    const inner = out.open(nest.destination)
    this.#addressAt = out.put(destination.address, address, family)
    this.#portAt = out.put(destination.port, port, family)
    const own = familyOf(address)
    if (own !== family) out.put(destination.family, familyNumber[own], family)
    if (verb !== 'detach') writeRealServerSettings(out, realServer, family)
    out.close(inner)
    out.end()
  }

  #repeatFor({ server, realServer }: RealServerChange): void {
    const { family } = server
    const step = this.#out.again()
    this.#addressAt += step
    this.#portAt += step
    const { view } = this.#out
    destination.address.kind.write(view, this.#addressAt, realServer.address, family)
    destination.port.kind.write(view, this.#portAt, realServer.port, family)
  }
}

/** Would the messages differ in the address and the port alone? */
function isAlike(a: RealServerChange | undefined, b: RealServerChange): boolean {
  return (
    a !== undefined &&
    a.server === b.server &&
    a.verb === b.verb &&
    sameRealServer(a.realServer, b.realServer) &&
    familyOf(a.realServer.address) === familyOf(b.realServer.address)
  )
}

/** A request about one virtual server, or about all of them. */
export function writeRequest(
  out: MessageWriter,
  family: number,
  request: { readonly command: number; readonly dump: boolean; readonly server?: VirtualServer },
): void {
  const { server, dump } = request
  out.begin(family, request.command, messageFlag.request | (dump ? messageFlag.dump : 0))
  if (server !== undefined) {
    const start = out.open(nest.service)
    writeIdentity(out, server)
    out.close(start)
  }
  out.end()
}

/** What tells a virtual server from all others. */
function writeIdentity(out: MessageWriter, server: VirtualServer): void {
  const { family, fwmark } = server
  out.put(service.family, familyNumber[family], family)
  if (fwmark !== 0) {
    out.put(service.fwmark, fwmark, family)
    return
  }
  out.put(service.protocol, server.protocol, family)
  out.put(service.address, server.address, family)
  out.put(service.port, server.port, family)
}

function writeServerSettings(out: MessageWriter, server: VirtualServer): void {
  const { family } = server
  out.put(service.scheduler, server.scheduler, family)
  out.put(service.flags, server.flags, family)
  out.put(service.timeout, server.timeout, family)
  out.put(service.netmask, server.netmask, family)
  if (server.engine !== undefined) out.put(service.engine, server.engine, family)
}

function writeRealServerSettings(out: MessageWriter, realServer: RealServer, family: Family): void {
  const { tunnel } = realServer
  out.put(destination.forwarding, realServer.forwarding, family)
  out.put(destination.weight, realServer.weight, family)
  out.put(destination.upperThreshold, realServer.upperThreshold, family)
  out.put(destination.lowerThreshold, realServer.lowerThreshold, family)
  if (tunnel === undefined) return
  out.put(destination.tunnelType, tunnel.type, family)
  out.put(destination.tunnelPort, tunnel.port, family)
  out.put(destination.tunnelFlags, tunnel.flags, family)
}
