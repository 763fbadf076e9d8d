import { withPort } from '../../address/ip.ts'
import type { Paint } from '../../diagnostic/frame.ts'
import { printable } from '../../diagnostic/printable.ts'
import type { Change } from '../../table/change.ts'
import type { Plan, Row } from '../../table/plan.ts'
import { identityOf, lineOfCause, type Table } from '../../table/virtual-server.ts'
import { linesOf, type StepLine } from '../../terrain/commands.ts'
import type { Steps } from '../../terrain/steps.ts'
import { printChange } from './change-rules.ts'
import { printRealServerOptions, printService, printServiceOptions } from './rules.ts'

/** What an apply would do, as data: for people to read and for scripts to count. */
export interface Diff {
  readonly changes: readonly DiffChange[]
  /** Real servers that get no new connections, and stay as they are. */
  readonly draining: readonly DrainedRow[]
  /** What others have put into the kernel, and nobody here touches. */
  readonly foreign: readonly string[]
  /** What would change about the host itself. */
  readonly host: readonly StepLine[]
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

export interface DrainedRow {
  readonly rule: string
  readonly connections: number
  /** When it is taken away at the latest, or takes part again; nothing where that is not said. */
  readonly until: string | undefined
  /** Why a person keeps it out; nothing for one that nobody asks for any more. */
  readonly reason: string | undefined
}

/** A plan put into words. */
export function diffOf(
  plan: Plan,
  live: Table,
  { first, last }: Steps,
  isDrift: (change: Change) => boolean,
): Diff {
  const counts = connectionsIn(live)
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
        connections: connectionsOf(change, counts),
      }
    }),
    draining: [
      ...plan.draining.map((row) => drainedRow(row, counts, { until: row.until })),
      ...plan.keptOut.map(({ drain, ...row }) => {
        return drainedRow(row, counts, { until: drain.until, reason: drain.reason ?? '' })
      }),
    ],
    foreign: [
      ...plan.foreign.map((server) => `-A ${printService(server)}${printServiceOptions(server)}`),
      ...plan.strangers.map(printRow),
    ],
    host: linesOf([...first, ...last]),
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

function drainedRow(
  { server, realServer }: Row,
  counts: Counts,
  { until, reason }: { readonly until: string | undefined; readonly reason?: string },
): DrainedRow {
  const row = { server, realServer: { ...realServer, weight: 0 } }
  const connections = connectionsOf({ verb: 'detach', ...row }, counts)
  return { rule: printRow(row), connections, until, reason }
}

function printRow({ server, realServer }: Row): string {
  const at = withPort(realServer.address, realServer.port)
  return `-a ${printService(server)} -r ${at}${printRealServerOptions(realServer)}`
}

/** Live connections, by virtual server and by its real servers: few have any. */
type Counts = ReadonlyMap<string, number>

function connectionsIn(live: Table): Counts {
  const counts = new Map<string, number>()
  for (const server of live) {
    for (const { address, port, connections } of server.realServers) {
      const count = connections === undefined ? 0 : connections.active + connections.inactive
      if (count === 0) continue
      const identity = identityOf(server)
      counts.set(identity, (counts.get(identity) ?? 0) + count)
      counts.set(`${identity} ${withPort(address, port)}`, count)
    }
  }
  return counts
}

function connectionsOf(change: Change, counts: Counts): number {
  const identity = identityOf(change.server)
  switch (change.verb) {
    case 'edit':
    case 'delete':
      return counts.get(identity) ?? 0
    case 'adjust':
    case 'detach': {
      const { address, port } = change.realServer
      return counts.get(`${identity} ${withPort(address, port)}`) ?? 0
    }
    case 'add':
    case 'attach':
      return 0
  }
}

/**
 * The changes under the Service and the line that ask for them; apart from them what only mends
 * somebody's work, what drains, and last what is not ours.
 */
export function printDiff({ changes, draining, foreign, host }: Diff, paint: Paint): string {
  const asked = changes.filter(({ drift }) => !drift)
  const drifted = changes.filter(({ drift }) => drift)
  const parts = [
    printChanges(asked, paint),
    titled('changed behind our back:', printChanges(drifted, paint), paint),
    titled('the host:', host.map((line) => printStep(line, paint)).join(''), paint),
    titled('without new connections:', draining.map(printDrained).join(''), paint),
    titled('not ours, and left alone:', foreign.map((rule) => `  ${rule}\n`).join(''), paint),
  ]
  return parts.filter((part) => part !== '').join('\n')
}

function titled(title: string, text: string, paint: Paint): string {
  return text === '' ? '' : `${paint.strong(title)}\n${text}`
}

function printChanges(changes: readonly DiffChange[], paint: Paint): string {
  const groups = new Map<string, DiffChange[]>()
  for (const change of changes) {
    const heading = headingOf(change)
    const group = groups.get(heading)
    if (group === undefined) groups.set(heading, [change])
    else group.push(change)
  }
  const printed = [...groups].map(([heading, group]) => {
    const rows = group.map((change) => printRowOf(change, paint)).join('')
    return titled(printable(heading), rows, paint)
  })
  return printed.join('')
}

function printStep({ sign, text }: StepLine, paint: Paint): string {
  return `${paintOf(sign, paint)(`${sign} ${text}`)}\n`
}

function headingOf({ service, servicePort, place }: DiffChange): string {
  if (service === undefined) return 'rules'
  return `${service} port ${servicePort}${place === undefined ? '' : ` (${place})`}`
}

function printRowOf({ sign, rule, connections }: DiffChange, paint: Paint): string {
  const note = connections === 0 ? '' : `  # ${counted(connections)}`
  return `${paintOf(sign, paint)(`${sign} ${rule}`)}${note}\n`
}

function paintOf(sign: DiffChange['sign'], paint: Paint): (text: string) => string {
  return { '+': paint.note, '~': paint.warning, '-': paint.error }[sign]
}

function printDrained({ rule, connections, until, reason }: DrainedRow): string {
  const words = [
    counted(connections),
    ...(reason === undefined ? [] : [reason === '' ? 'drained' : `drained: ${printable(reason)}`]),
    ...(until === undefined ? [] : [`until ${until}`]),
  ]
  return `  ${rule}  # ${words.join(', ')}\n`
}

function counted(connections: number): string {
  return connections === 1 ? '1 connection' : `${connections} connections`
}
