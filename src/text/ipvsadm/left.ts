import { withPort } from '../../address/ip.ts'
import type { Paint } from '../../diagnostic/frame.ts'
import { printable } from '../../diagnostic/printable.ts'
import type { Row } from '../../table/plan.ts'
import type { Table } from '../../table/virtual-server.ts'
import { printChange } from './change-rules.ts'

/** Something that is there and that nobody asks for, with the command that takes it away. */
export interface Left {
  readonly command: string
  /** Whose it looks to be, where that is known. */
  readonly service: string | undefined
  readonly reason: string
  readonly connections: number
}

/** Why an address is ours to judge: whose it is. */
export interface Owner {
  readonly service: string | undefined
  readonly reason: string
}

/** Virtual servers that no Service asks for, at addresses that Services or this node have. */
export function leftServers(
  foreign: Table,
  ownerOf: (server: Table[number]) => Owner | undefined,
): { readonly left: readonly Left[]; readonly others: Table } {
  const others: Table[number][] = []
  const left = foreign.flatMap((server): Left[] => {
    const owner = server.fwmark === 0 ? ownerOf(server) : undefined
    if (owner === undefined) {
      others.push(server)
      return []
    }
    const connections = server.realServers.reduce((sum, real) => sum + countOf(real), 0)
    return [{ command: printChange({ verb: 'delete', server }), ...owner, connections }]
  })
  return { left, others }
}

/** Real servers in virtual servers of ours that no slice has, and that we did not put there. */
export function leftRealServers(strangers: readonly Row[]): readonly Left[] {
  return strangers.map(({ server, realServer }) => ({
    command: printChange({ verb: 'detach', server, realServer }),
    service: server.cause?.service,
    reason: `no slice has ${withPort(realServer.address, realServer.port)}`,
    connections: countOf(realServer),
  }))
}

function countOf({ connections }: Row['realServer']): number {
  return connections === undefined ? 0 : connections.active + connections.inactive
}

export function printLeft(left: readonly Left[], paint: Paint): string {
  if (left.length === 0) return ''
  const rows = left.map(({ command, service, reason, connections }) => {
    const words = [
      ...(service === undefined ? [] : [printable(service)]),
      reason,
      ...(connections === 0 ? [] : [`${connections} connection${connections === 1 ? '' : 's'}`]),
    ]
    return `${paint.error(`- ${command}`)}  # ${words.join(', ')}\n`
  })
  return `${paint.strong('left behind, and nobody asks for it:')}\n${rows.join('')}`
}
