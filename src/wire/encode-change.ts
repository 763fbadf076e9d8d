import { familyOf } from '../address/ip.ts'
import type { Change, Verb } from '../table/change.ts'
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
 * Writes changes as messages. A virtual server is named by each change to its real servers, so the
 * bytes of its name are repeated as long as it stays the same.
 */
export class ChangeWriter {
  readonly #out: MessageWriter
  readonly #family: number
  #named: VirtualServer | undefined
  #nameStart = 0
  #nameEnd = 0

  constructor(out: MessageWriter, family: number) {
    this.#out = out
    this.#family = family
  }

  /** To be told when the messages before are gone. */
  clear(): void {
    this.#out.clear()
    this.#named = undefined
  }

  write(change: Change): void {
    const out = this.#out
    const { server } = change
    out.begin(this.#family, commandOf[change.verb], messageFlag.request)
    const start = out.open(nest.service)
    this.#name(server)
    if (change.verb === 'add' || change.verb === 'edit') writeSettings(out, server)
    out.close(start)
    if (change.verb === 'attach' || change.verb === 'adjust' || change.verb === 'detach') {
      const inner = out.open(nest.destination)
      writeRealServer(out, server, change.realServer, change.verb !== 'detach')
      out.close(inner)
    }
    out.end()
  }

  #name(server: VirtualServer): void {
    const out = this.#out
    if (this.#named === server) {
      out.repeat(this.#nameStart, this.#nameEnd)
      return
    }
    this.#nameStart = out.length
    writeIdentity(out, server)
    this.#nameEnd = out.length
    this.#named = server
  }
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

function writeSettings(out: MessageWriter, server: VirtualServer): void {
  const { family } = server
  out.put(service.scheduler, server.scheduler, family)
  out.put(service.flags, server.flags, family)
  out.put(service.timeout, server.timeout, family)
  out.put(service.netmask, server.netmask, family)
  if (server.engine !== undefined) out.put(service.engine, server.engine, family)
}

function writeRealServer(
  out: MessageWriter,
  { family }: VirtualServer,
  realServer: RealServer,
  withSettings: boolean,
): void {
  const { address, tunnel } = realServer
  out.put(destination.address, address, family)
  out.put(destination.port, realServer.port, family)
  const own = familyOf(address)
  if (own !== family) out.put(destination.family, familyNumber[own], family)
  if (!withSettings) return
  out.put(destination.forwarding, realServer.forwarding, family)
  out.put(destination.weight, realServer.weight, family)
  out.put(destination.upperThreshold, realServer.upperThreshold, family)
  out.put(destination.lowerThreshold, realServer.lowerThreshold, family)
  if (tunnel === undefined) return
  out.put(destination.tunnelType, tunnel.type, family)
  out.put(destination.tunnelPort, tunnel.port, family)
  out.put(destination.tunnelFlags, tunnel.flags, family)
}
