import { withPort } from '../../address/ip.ts'
import type { Paint } from '../../diagnostic/frame.ts'
import { printable } from '../../diagnostic/printable.ts'
import type { Change } from '../../table/change.ts'
import type { Plan } from '../../table/plan.ts'
import { identityOf, lineOfCause, type RealServer, type Table } from '../../table/virtual-server.ts'
import { printChange } from './change-rules.ts'
import { printRealServerOptions, printService, printServiceOptions } from './rules.ts'

/** What an apply would do, as data: for people to read and for scripts to count. */
export interface Diff {
  readonly changes: readonly DiffChange[]
  /** What others have put into the kernel, and nobody here touches. */
  readonly foreign: readonly string[]
}

export interface DiffChange {
  readonly sign: '+' | '~' | '-'
  /** As ipvsadm would be told. */
  readonly rule: string
  readonly service: string | undefined
  readonly servicePort: string | undefined
  readonly place: string | undefined
  /** Only puts back what somebody changed behind our back. */
  readonly drift: boolean
  /** Live connections that it concerns. */
  readonly connections: number
}

/** A plan put into words. */
export function diffOf(plan: Plan, live: Table, isDrift: (change: Change) => boolean): Diff {
  const lives = new Map(live.map((server) => [identityOf(server), server]))
  return {
    changes: plan.changes.map((change): DiffChange => {
      const { cause } = change.server
      const line = cause && lineOfCause(cause)
      return {
        sign: signs[change.verb],
        rule: printChange(change),
        service: cause?.service,
        servicePort: cause?.port,
        place: line && `${line.file}:${line.line}`,
        drift: isDrift(change),
        connections: connectionsOf(change, lives.get(identityOf(change.server))?.realServers ?? []),
      }
    }),
    foreign: [
      ...plan.foreign.map((server) => `-A ${printService(server)}${printServiceOptions(server)}`),
      ...plan.strangers.map(({ server, realServer }) => {
        const at = withPort(realServer.address, realServer.port)
        return `-a ${printService(server)} -r ${at}${printRealServerOptions(realServer)}`
      }),
    ],
  }
}

const signs = {
  add: '+',
  attach: '+',
  edit: '~',
  adjust: '~',
  detach: '-',
  delete: '-',
} as const satisfies Record<Change['verb'], DiffChange['sign']>

function connectionsOf(change: Change, realServers: readonly RealServer[]): number {
  const concerned =
    'realServer' in change
      ? realServers.filter(({ address, port }) => {
          return address === change.realServer.address && port === change.realServer.port
        })
      : realServers
  return concerned.reduce((sum, { connections }) => {
    return sum + (connections === undefined ? 0 : connections.active + connections.inactive)
  }, 0)
}

/**
 * The changes under the Service and the line that ask for them; what only mends somebody's work
 * apart from them, and last what is not ours.
 */
export function printDiff({ changes, foreign }: Diff, paint: Paint): string {
  return [
    printChanges(
      changes.filter(({ drift }) => !drift),
      undefined,
      paint,
    ),
    printChanges(
      changes.filter(({ drift }) => drift),
      'changed behind our back:',
      paint,
    ),
    foreign.length === 0
      ? ''
      : `${paint.strong('not ours, and left alone:')}\n${foreign.map((rule) => `  ${rule}\n`).join('')}`,
  ]
    .filter((part) => part !== '')
    .join('\n')
}

function printChanges(
  changes: readonly DiffChange[],
  title: string | undefined,
  paint: Paint,
): string {
  const groups = new Map<string, DiffChange[]>()
  for (const change of changes) {
    const heading = headingOf(change)
    const group = groups.get(heading)
    if (group === undefined) groups.set(heading, [change])
    else group.push(change)
  }
  const printed = [...groups].map(
    ([heading, group]) =>
      `${paint.strong(printable(heading))}\n${group.map((change) => row(change, paint)).join('')}`,
  )
  if (title === undefined || printed.length === 0) return printed.join('')
  return `${paint.strong(title)}\n${printed.join('')}`
}

function headingOf({ service, servicePort, place }: DiffChange): string {
  if (service === undefined) return 'rules'
  return `${service} port ${servicePort}${place === undefined ? '' : ` (${place})`}`
}

function row({ sign, rule, connections }: DiffChange, paint: Paint): string {
  const paints = { '+': paint.note, '~': paint.warning, '-': paint.error }
  const count = connections === 1 ? '1 connection' : `${connections} connections`
  return `${paints[sign](`${sign} ${rule}`)}${connections === 0 ? '' : `  # ${count}`}\n`
}
