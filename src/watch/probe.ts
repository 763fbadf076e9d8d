import { parseIP } from '../address/ip.ts'
import { isPort } from '../address/port.ts'
import { annotations } from '../object/annotation.ts'
import { list, map, type Strings, selects, text } from '../object/metadata.ts'
import type { Container, Pod, PodSpec } from '../object/pod.ts'
import type { Workload } from '../object/workload.ts'
import type { Granted } from '../pool/grant.ts'
import type { Answer } from '../roster/roster.ts'

// What is asked of back ends to find out whether they answer, where no kubelet does. The fields and
// their defaults are those of a readinessProbe. No command is ever run.

/** One question to one address. */
export interface Check {
  readonly kind: 'tcp' | 'http' | 'https'
  readonly port: number
  readonly path: string
  /** In place of the address, where a server goes by its name. */
  readonly host: string | undefined
  readonly headers: Strings
}

/** When it is asked, in milliseconds, and how many answers count. */
export interface Timing {
  readonly initialDelay: number
  readonly period: number
  readonly timeout: number
  readonly successThreshold: number
  readonly failureThreshold: number
}

/** A check, and whom its answers are about. */
export interface Target {
  /** `default/web 10.244.1.57:8080`, with a number behind it where a pod has several. */
  readonly key: string
  readonly service: string
  readonly address: string
  /** Absent where the answers are about all ports of the address. */
  readonly port: number | undefined
  readonly check: Check
  readonly timing: Timing
  /** What was written of it, before anybody asked. */
  readonly ready: boolean
}

export const usualTiming: Timing = {
  initialDelay: 0,
  period: 10_000,
  timeout: 1_000,
  successThreshold: 1,
  failureThreshold: 3,
}

/** Who knows more about the pods of a Service than its slices say. */
export interface Knowledge {
  readonly pods: ReadonlyMap<string, Pod>
  readonly workloads: readonly Workload[]
}

/** Whom to ask for a Service: an annotation of its own goes before what its pods say. */
export function targetsOf(
  service: Granted,
  name: string,
  answer: Answer,
  knowledge: Knowledge,
): readonly Target[] {
  if (answer.by === 'simulation' || answer.by === 'nobody') return []
  const wish = service.annotations[annotations.probe.name]
  if (wish !== undefined) return targetsByAnnotation(wish, name, answer)
  return targetsByPods(service, name, answer, knowledge)
}

/** Whether real servers that all fail are kept. */
export function keepsAll({ annotations: texts }: Granted): boolean {
  return texts[annotations.probeFallback.name] !== 'empty'
}

function targetsByAnnotation(wish: string, service: string, { slices }: Answer): readonly Target[] {
  const [, scheme, path = '/'] = /^(tcp|https?)(?::(.*))?$/.exec(wish) ?? []
  const kind = kinds.find((known) => known === scheme)
  if (kind === undefined) return []
  const found = new Map<string, Target>()
  for (const { ports, endpoints } of slices) {
    for (const { protocol, port } of ports) {
      if (protocol !== 'TCP' || port === undefined || !isPort(port)) continue
      for (const { address, ready, terminating } of endpoints) {
        if (terminating || parseIP(address) === undefined) continue
        const check = { kind, port, path, host: undefined, headers: {} }
        const key = `${service} ${address} ${port}`
        found.set(key, { key, service, address, port, check, timing: usualTiming, ready })
      }
    }
  }
  return [...found.values()]
}

const kinds = ['tcp', 'http', 'https'] as const

/** All probes of a pod's containers have to pass. */
function targetsByPods(
  { namespace, spec }: Granted,
  service: string,
  { slices }: Answer,
  { pods, workloads }: Knowledge,
): readonly Target[] {
  const { selector } = spec
  const template = workloads.find(
    (workload) =>
      selector !== undefined &&
      workload.namespace === namespace &&
      selects(selector, workload.template.labels),
  )?.template
  const found = new Map<string, Target>()
  for (const { endpoints } of slices) {
    for (const { address, ready, terminating, pod } of endpoints) {
      const source = (pod === undefined ? undefined : pods.get(`${namespace}/${pod}`)) ?? template
      if (source === undefined || terminating || parseIP(address) === undefined) continue
      for (const [index, { check, timing }] of probesOf(source).entries()) {
        const key = `${service} ${address} ${check.port}${index === 0 ? '' : ` ${index}`}`
        found.set(key, { key, service, address, port: undefined, check, timing, ready })
      }
    }
  }
  return [...found.values()]
}

interface Probe {
  readonly check: Check
  readonly timing: Timing
}

/** The readiness probes of a pod that ask over the network; commands are left to a kubelet. */
export function probesOf({ containers }: PodSpec): readonly Probe[] {
  return containers.flatMap((container) => {
    const check = checkOf(container)
    return check === undefined ? [] : [{ check, timing: timingOf(container) }]
  })
}

function checkOf(container: Container): Check | undefined {
  const probe = map(container.readinessProbe)
  const http = map(probe.httpGet)
  const [kind, where]: readonly [Check['kind'], Readonly<Record<string, unknown>>] =
    probe.httpGet !== undefined
      ? [http.scheme === 'HTTPS' ? 'https' : 'http', http]
      : // A health check of gRPC is asked for a connection: that it has one is most of it.
        ['tcp', map(probe.tcpSocket ?? probe.grpc)]
  const port = portOf(where.port, container)
  if (port === undefined) return undefined
  const headers = list(http.httpHeaders).flatMap((header): [string, string][] => {
    const name = text(header?.name)
    return name === undefined ? [] : [[name, text(header?.value) ?? '']]
  })
  return {
    ...{ kind, port, path: text(http.path) ?? '/', host: text(where.host) },
    headers: Object.fromEntries(headers),
  }
}

function portOf(value: unknown, { ports }: Container): number | undefined {
  const number =
    typeof value === 'string' ? ports.find(({ name }) => name === value)?.containerPort : value
  return typeof number === 'number' && isPort(number) ? number : undefined
}

function timingOf({ readinessProbe }: Container): Timing {
  const probe = map(readinessProbe)
  const number = (name: string, usual: number, least: number): number => {
    const value = probe[name]
    return typeof value === 'number' && value >= least ? value : usual
  }
  return {
    initialDelay: 1000 * number('initialDelaySeconds', 0, 0),
    period: 1000 * number('periodSeconds', 10, 1),
    timeout: 1000 * number('timeoutSeconds', 1, 1),
    successThreshold: number('successThreshold', 1, 1),
    failureThreshold: number('failureThreshold', 3, 1),
  }
}
