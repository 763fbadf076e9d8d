import type { Change, RealServerChange } from '../../src/table/change.ts'
import {
  identityOf,
  type RealServer,
  type Table,
  type VirtualServer,
} from '../../src/table/virtual-server.ts'

interface Entry {
  server: VirtualServer
  readonly realServers: Map<string, RealServer>
}

/** A kernel in a few lines, which refuses what the real one refuses and keeps its order. */
export class ModelKernel {
  readonly #entries = new Map<string, Entry>()

  constructor(table: Table) {
    for (const server of table) {
      this.perform({ verb: 'add', server })
      for (const realServer of server.realServers) {
        this.perform({ verb: 'attach', server, realServer })
      }
    }
  }

  /** Throws an error number's name, as the kernel says it. */
  perform(change: Change): void {
    const identity = identityOf(change.server)
    const entry = this.#entries.get(identity)
    if (change.verb === 'add') {
      if (entry !== undefined) throw new Error('EEXIST')
      this.#entries.set(identity, { server: change.server, realServers: new Map() })
      return
    }
    if (entry === undefined) throw new Error('ESRCH')
    switch (change.verb) {
      case 'edit':
        entry.server = change.server
        break
      case 'delete':
        this.#entries.delete(identity)
        break
      case 'attach':
      case 'adjust':
      case 'detach':
        performOn(entry.realServers, change)
    }
  }

  /** The newest real server first, as the kernel lists them. */
  table(): Table {
    return [...this.#entries.values()].map(({ server, realServers }) => ({
      ...server,
      realServers: [...realServers.values()].reverse(),
    }))
  }
}

function performOn(
  realServers: Map<string, RealServer>,
  { verb, realServer }: RealServerChange,
): void {
  const name = `${realServer.address} ${realServer.port}`
  const known = realServers.has(name)
  if (verb === 'attach' && known) throw new Error('EEXIST')
  if (verb !== 'attach' && !known) throw new Error('ENOENT')
  if (verb === 'detach') realServers.delete(name)
  else realServers.set(name, realServer)
}
