import { printable } from '../../diagnostic/printable.ts'
import type { EndpointSlice } from '../../object/endpoint-slice.ts'
import { byteLength } from '../../object/go-text.ts'
import type { Strings } from '../../object/metadata.ts'
import type { Ingress, Service, ServicePort } from '../../object/service.ts'
import { alignColumns, describeStyle } from './columns.ts'
import { withPort } from './endpoints.ts'
import { printLabels } from './labels.ts'

/** A Service and the EndpointSlices that belong to it. */
export interface DescribedService {
  readonly service: Service
  readonly slices: readonly EndpointSlice[]
}

/**
 * `kubectl describe service`. There are never events; that there are none is said of a Service that
 * is described alone, or whenever `--show-events` is given.
 */
export function describeServices(
  described: readonly DescribedService[],
  showEvents: boolean = described.length === 1,
): string {
  return described.map((it) => describe(it, showEvents)).join('\n\n')
}

/** The Services whose names begin with what was asked for, where none has just that name. */
export function describeMatchingServices(
  described: readonly DescribedService[],
  showEvents = false,
): string {
  return described.map((it) => `${describe(it, showEvents)}\n`).join('')
}

type Line = readonly string[]

function describe({ service, slices }: DescribedService, showEvents: boolean): string {
  const { spec, namespace, name, labels, annotations, ingress } = service
  const lines: Line[] = [
    ['Name:', name],
    ['Namespace:', namespace],
    ...labelled('Labels:', labelLines(labels)),
    ...labelled('Annotations:', annotationLines(annotations)),
    ['Selector:', printLabels(spec.selector)],
    ['Type:', spec.type],
    ...given('IP Family Policy:', spec.ipFamilyPolicy),
    ['IP Families:', spec.ipFamilies?.join(',') || '<none>'],
    ['IP:', spec.clusterIP ?? ''],
    ['IPs:', spec.clusterIPs?.join(',') || '<none>'],
    ...given('External IPs:', spec.externalIPs?.join(',')),
    ...given('Desired LoadBalancer IP:', spec.loadBalancerIP),
    ...given('External Name:', spec.externalName),
    ...given('LoadBalancer Ingress:', ingress.map(printIngress).join(', ')),
    ...spec.ports.flatMap((port) => portLines(port, slices)),
    ['Session Affinity:', spec.sessionAffinity],
    ...given('External Traffic Policy:', spec.externalTrafficPolicy),
    ...given('Internal Traffic Policy:', spec.internalTrafficPolicy),
    ...given('HealthCheck NodePort:', spec.healthCheckNodePort || undefined),
    ...given('LoadBalancer Source Ranges:', spec.loadBalancerSourceRanges?.join(',')),
    ...given('Traffic Distribution:', spec.trafficDistribution),
    ...(showEvents ? [['Events:', '<none>']] : []),
  ]
  return alignColumns(lines.map(shown), describeStyle)
}

function given(label: string, value: string | number | undefined): Line[] {
  return value === undefined || value === '' ? [] : [[label, String(value)]]
}

/** A label before the first of several lines, and nothing before the rest. */
function labelled(label: string, lines: readonly string[]): Line[] {
  return lines.map((line, index) => [index === 0 ? label : '', line])
}

function labelLines(labels: Strings): string[] {
  const keys = Object.keys(labels).sort()
  return keys.length === 0 ? ['<none>'] : keys.map((key) => `${key}=${labels[key]}`)
}

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration'
const longestAnnotation = 140

function annotationLines(annotations: Strings): string[] {
  const keys = Object.keys(annotations).filter((key) => key !== lastApplied)
  if (keys.length === 0) return ['<none>']
  return keys.sort().flatMap((key) => {
    const value = (annotations[key] ?? '').replace(/\n$/, '')
    const line = `${key}: ${value}`
    if (byteLength(line) <= longestAnnotation && !value.includes('\n')) return [line]
    return [`${key}:`, ...value.split('\n').map((part) => `  ${shorten(part)}`)]
  })
}

/** Cut to 138 bytes, as Go counts; a letter that would be cut in two is left out. */
function shorten(text: string): string {
  const most = longestAnnotation - 2
  if (text.length * 3 <= most || byteLength(text) <= most) return text
  let bytes = 0
  let end = 0
  for (const letter of text) {
    bytes += byteLength(letter)
    if (bytes > most) break
    end += letter.length
  }
  return `${text.slice(0, end)}...`
}

function printIngress({ ip, hostname, ipMode }: Ingress): string {
  if (ip === undefined) return hostname ?? ''
  return ipMode === undefined ? ip : `${ip} (${ipMode})`
}

function portLines(port: ServicePort, slices: readonly EndpointSlice[]): Line[] {
  const { name, protocol, targetPort, nodePort, appProtocol } = port
  const title = name === '' ? '<unset>' : name
  return [
    ['Port:', title, `${port.port}/${protocol}`],
    ['TargetPort:', `${targetPort}/${protocol}`],
    ...(appProtocol === undefined ? [] : [['AppProtocol:', appProtocol]]),
    ...(nodePort === 0 ? [] : [['NodePort:', title, `${nodePort}/${protocol}`]]),
    ['Endpoints:', printEndpoints(slices, name)],
  ]
}

/**
 * The first three that are ready. kubectl says that there are more as soon as it meets another,
 * and counts only afterwards whether it was ready: hence its `+ 0 more...`.
 */
function printEndpoints(slices: readonly EndpointSlice[], portName: string): string {
  if (slices.length === 0) return '<none>'
  const first: string[] = []
  let ready = 0
  let more = false
  for (const { ports, endpoints } of slices) {
    const numbers =
      ports.length === 0
        ? [undefined]
        : ports.filter(({ name }) => name === portName).map(({ port }) => port)
    for (const number of numbers) {
      for (const endpoint of endpoints) {
        more ||= first.length === 3
        if (!endpoint.ready) continue
        if (!more) first.push(withPort(endpoint.address, number))
        ready += 1
      }
    }
  }
  return more ? `${first.join(',')} + ${ready - 3} more...` : first.join(',')
}

/** The cells of a line; a tab in a text parts cells, as in kubectl. */
function shown(line: Line): string[] {
  return line.flatMap((text) =>
    text
      .split('\t')
      .map((cell) => printable(cell.replaceAll('\x1b', '^[').replaceAll('\r', '\\r'))),
  )
}
