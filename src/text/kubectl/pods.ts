import type { Fields } from '../../manifest/document.ts'
import { list, map, text } from '../../object/metadata.ts'
import type { Pod } from '../../object/pod.ts'
import { ageOf } from './age.ts'
import { ageColumn, type Entry, nameColumn, type Resource } from './resource.ts'

export const pods: Resource<Pod> = {
  plural: 'pods',
  singular: 'pod',
  shortNames: ['po'],
  group: '',
  namespaced: true,
  columns: [
    nameColumn,
    { header: 'READY', cell: (entry) => readyOf(entry) },
    { header: 'STATUS', cell: (entry) => statusOf(entry) },
    { header: 'RESTARTS', cell: ({ fields }, now) => restartsOf(summaryOf(fields), now) },
    ageColumn,
    { header: 'IP', wide: true, cell: ({ object }) => object.podIPs[0] ?? '<none>' },
    { header: 'NODE', wide: true, cell: ({ object }) => object.nodeName ?? '<none>' },
    {
      header: 'NOMINATED NODE',
      wide: true,
      cell: ({ fields }) => text(map(fields.status).nominatedNodeName) ?? '<none>',
    },
    { header: 'READINESS GATES', wide: true, cell: ({ fields }) => printGates(fields) },
  ],
}

/** A simulated pod has no containers that could report; it counts as they would when all is well. */
function readyOf({ object, fields }: Entry<Pod>): string {
  const { containers } = object
  const ready = object.simulated === true ? containers.length : summaryOf(fields).ready
  return `${ready}/${containers.length}`
}

function statusOf({ object, fields }: Entry<Pod>): string {
  if (object.simulated === true) return 'Simulated'
  const { phase, terminating } = object
  const why = text(map(fields.status).reason)
  if (terminating && why === 'NodeLost') return 'Unknown'
  if (terminating && phase !== 'Succeeded' && phase !== 'Failed') return 'Terminating'
  return summaryOf(fields).reason
}

/** What the statuses of the containers come to. */
interface Summary {
  readonly reason: string
  readonly ready: number
  readonly restarts: number
  readonly lastRestart: string | undefined
}

// The rules are those of the API server's printer in Kubernetes 1.36.
function summaryOf(fields: Fields): Summary {
  const status = map(fields.status)
  const conditions = list(status.conditions)
  const gated = conditions.some(
    (condition) => condition?.type === 'PodScheduled' && condition.reason === 'SchedulingGated',
  )
  const phase = gated ? 'SchedulingGated' : (text(status.reason) ?? text(status.phase) ?? '')
  const first = initialization(fields)
  const initialized = isTrue(conditions, 'Initialized')
  if (first.reason !== undefined && !initialized) {
    return { ...restartsIn(first.statuses), ready: first.ready, reason: first.reason }
  }
  const statuses = list(status.containerStatuses)
  const { reason, ready, failure } = running(statuses, first.reason ?? phase)
  return {
    ...restartsIn([...first.statuses.filter(({ name }) => first.sidecars.has(name)), ...statuses]),
    ready: first.ready + ready,
    reason: reason === 'Completed' ? completed(ready > 0, conditions, failure) : reason,
  }
}

interface Initialization {
  /** Of the containers that were looked at: those after the first unfinished one are not. */
  readonly statuses: readonly Fields[]
  /** The names of init containers that keep running. */
  readonly sidecars: ReadonlySet<unknown>
  readonly ready: number
  /** Why the pod is not initialized; absent where it is. */
  readonly reason: string | undefined
}

function initialization(fields: Fields): Initialization {
  const containers = list(map(fields.spec).initContainers)
  const sidecars = new Set(
    containers.flatMap((it) => (it?.restartPolicy === 'Always' ? [it.name] : [])),
  )
  const statuses = list(map(fields.status).initContainerStatuses).map(map)
  let ready = 0
  for (const [index, status] of statuses.entries()) {
    const { terminated, waiting } = statesOf(status)
    if (terminated !== undefined && (terminated.exitCode ?? 0) === 0) continue
    if (sidecars.has(status.name) && status.started === true) {
      if (status.ready === true) ready += 1
      continue
    }
    const why = text(waiting?.reason)
    const reason =
      terminated !== undefined
        ? printEnd(terminated)
        : why !== undefined && why !== 'PodInitializing'
          ? why
          : `${index}/${containers.length}`
    return { statuses: statuses.slice(0, index + 1), sidecars, ready, reason: `Init:${reason}` }
  }
  return { statuses, sidecars, ready, reason: undefined }
}

/** The first container that has something to say names the reason. */
function running(
  statuses: readonly Fields[],
  phase: string,
): { reason: string; ready: number; failure: string | undefined } {
  let reason = phase
  let ready = 0
  let failure: string | undefined
  for (const status of statuses.toReversed()) {
    const { terminated, waiting, running } = statesOf(status)
    const why = text(waiting?.reason)
    if (why !== undefined) reason = why
    else if (terminated !== undefined) {
      reason = printEnd(terminated)
      if ((terminated.exitCode ?? 0) !== 0) failure = reason
    } else if (status.ready === true && running !== undefined) ready += 1
  }
  return { reason, ready, failure }
}

/** A pod of which some containers are done is what the others are. */
function completed(
  runs: boolean,
  conditions: readonly Fields[],
  failure: string | undefined,
): string {
  if (runs && isTrue(conditions, 'Ready')) return 'Running'
  return failure ?? (runs ? 'NotReady' : 'Completed')
}

function printEnd({ reason, signal, exitCode }: Fields): string {
  if (text(reason) !== undefined) return String(reason)
  return signal === undefined || signal === 0 ? `ExitCode:${exitCode ?? 0}` : `Signal:${signal}`
}

function restartsIn(statuses: readonly Fields[]): Pick<Summary, 'restarts' | 'lastRestart'> {
  let restarts = 0
  let lastRestart: string | undefined
  for (const status of statuses) {
    restarts += (status.restartCount ?? 0) as number
    const finished = text(map(map(status.lastState).terminated).finishedAt)
    if (finished !== undefined && (lastRestart === undefined || isLater(finished, lastRestart))) {
      lastRestart = finished
    }
  }
  return { restarts, lastRestart }
}

function isLater(a: string, b: string): boolean {
  return Date.parse(a) > Date.parse(b)
}

function restartsOf({ restarts, lastRestart }: Summary, now: number): string {
  if (restarts === 0 || lastRestart === undefined) return String(restarts)
  return `${restarts} (${ageOf(lastRestart, now)} ago)`
}

function printGates({ spec, status }: Fields): string {
  const gates = list(map(spec).readinessGates)
  if (gates.length === 0) return '<none>'
  const conditions = list(map(status).conditions)
  const open = gates.filter((gate) => isTrue(conditions, map(gate).conditionType))
  return `${open.length}/${gates.length}`
}

function isTrue(conditions: readonly Fields[], type: unknown): boolean {
  return conditions.find((condition) => condition?.type === type)?.status === 'True'
}

function statesOf(status: Fields): {
  terminated: Fields | undefined
  waiting: Fields | undefined
  running: Fields | undefined
} {
  const state = map(status?.state)
  const present = (name: string): Fields | undefined =>
    state[name] === undefined || state[name] === null ? undefined : map(state[name])
  return {
    terminated: present('terminated'),
    waiting: present('waiting'),
    running: present('running'),
  }
}
