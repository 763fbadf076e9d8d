import { notSelected, selectorMatchesNothing } from '../diagnostic/complaints.ts'
import type { Report } from '../diagnostic/diagnostic.ts'
import { isBuiltIn } from '../object/kinds.ts'
import type { Strings } from '../object/metadata.ts'
import type { Service } from '../object/service.ts'
import { ownerOf, type Target } from './selection.ts'
import { isSlip, isSurelySlip } from './slip.ts'
import { at, type Surveyed } from './surveyed.ts'

// A selector that matches nothing is no fault by itself: charts are checked in parts, operators make
// pods, and some labels are put on pods when they run. So a warning needs a pod that was meant.

/** The selector of a Service matches a pod where one is there to be matched. */
export function selectorMatchesSomething(surveyed: Surveyed, report: Report): void {
  for (const { service, near } of missesIn(surveyed)) {
    const [first, ...others] = near.differences
    if (first === undefined) continue
    const missed = [first, ...others].map(({ key, wanted }) => `${key}=${wanted}`).join(' and ')
    const owner = ownerOf(near.target)
    const said = selectorMatchesNothing(missed, { owner, has: hasOf(near) }, helpFor(near, missed))
    const path = [...near.target.path, 'metadata', 'labels']
    const labels = at(near.target.object, path, 'key')
    const related = labels === undefined ? [] : [{ at: labels, label: notSelected(owner) }]
    const part = first.kind === 'key slip' ? 'key' : 'value'
    report(said.at(at(service, ['spec', 'selector', first.key], part), ...related))
  }
}

/** Services that select nothing, and what they were probably meant to select. */
export function missesIn({ cluster, selection }: Surveyed): readonly Miss[] {
  const isClosed = ![...cluster.passedOver.keys()].some(mayMakePods)
  return [...selection.selecting].flatMap(([namespace, services]) => {
    const targets = eachOnce(selection.targetsIn(namespace))
    if (targets.length === 0) return []
    const lost = services.filter((service) => selection.targetsOf(service).length === 0)
    if (lost.length * targets.length > mostComparisons) return []
    const free = targets.filter((target) => !selection.isSelected(target))
    return lost.flatMap((service) => {
      const comparisons = targets.map((target) => compare(service, target))
      const slip = comparisons.find(({ target, differences }) =>
        isWholeSlip(differences, !selection.isSelected(target)),
      )
      const near = slip ?? (isClosed ? likeliest(service, free, lost.length === 1) : undefined)
      return near === undefined ? [] : [{ service, near }]
    })
  })
}

export interface Miss {
  readonly service: Service
  readonly near: Comparison
}

/** Nobody writes so much into one namespace by hand, and guessing would take longer than reading. */
const mostComparisons = 250_000

/** A selector beside the labels of a target. */
interface Comparison {
  readonly target: Target
  readonly matched: number
  readonly differences: readonly Difference[]
}

interface Difference {
  readonly key: string
  readonly wanted: string
  /** What the target has instead: another value of the key, or the value under another key. */
  readonly kind: 'slip' | 'key slip' | 'other' | 'absent'
  readonly theirs: readonly [key: string, value: string] | undefined
}

function compare({ spec: { selector = {} } }: Service, target: Target): Comparison {
  const differences: Difference[] = []
  let matched = 0
  for (const [key, wanted] of Object.entries(selector)) {
    if (target.labels[key] === wanted && Object.hasOwn(target.labels, key)) matched += 1
    else differences.push(differenceAt(key, wanted, selector, target.labels))
  }
  return { target, matched, differences }
}

function differenceAt(key: string, wanted: string, selector: Strings, labels: Strings): Difference {
  if (Object.hasOwn(labels, key)) {
    const value = labels[key] ?? ''
    return { key, wanted, kind: isSlip(wanted, value) ? 'slip' : 'other', theirs: [key, value] }
  }
  const near = Object.entries(labels).find(
    ([other, value]) => value === wanted && !Object.hasOwn(selector, other) && isSlip(key, other),
  )
  return { key, wanted, kind: near === undefined ? 'absent' : 'key slip', theirs: near }
}

/** Of something that other Services select, less is believed: it may have a sibling elsewhere. */
function isWholeSlip(differences: readonly Difference[], isFree: boolean): boolean {
  return differences.every(({ kind, key, wanted, theirs }) => {
    if (kind === 'key slip') return isFree || isSurelySlip(key, theirs?.[0] ?? '')
    return kind === 'slip' && (isFree || isSurelySlip(wanted, theirs?.[1] ?? ''))
  })
}

/**
 * Of the targets that no Service selects, the one that this Service was meant for: it has the name
 * of the Service, or a port that fits besides a part of the selector, or both are all that is left.
 */
function likeliest(
  service: Service,
  free: readonly Target[],
  isAlone: boolean,
): Comparison | undefined {
  const isPair = isAlone && free.length === 1
  return free
    .map((target) => compare(service, target))
    .find(({ target, matched, differences }) => {
      // What is missing beside what matches may be put on the pods when they run.
      if (matched > 0 && differences.some(({ kind }) => kind === 'absent')) return false
      if (isNamesake(service.name, target.object.name)) return true
      return (matched > 0 || isPair) && hasFittingPort(service, target)
    })
}

function isNamesake(service: string, workload: string): boolean {
  return bareName(service) === bareName(workload)
}

function bareName(name: string): string {
  return name.replace(/-(svc|service|deploy|deployment|statefulset|sts|daemonset|ds|pod)$/, '')
}

function hasFittingPort({ spec }: Service, { pod }: Target): boolean {
  const declared = pod.containers.flatMap(({ ports }) => ports)
  return spec.ports.some(({ targetPort, protocol }) =>
    declared.some(
      (port) =>
        port.protocol === protocol &&
        (port.containerPort === targetPort || port.name === targetPort),
    ),
  )
}

/** Of targets with the same labels, such as a Deployment and its pods, the first. */
function eachOnce(targets: readonly Target[]): readonly Target[] {
  if (targets.length < 2) return targets
  const workloads = targets.filter(({ kind }) => kind !== 'Pod')
  const pods = targets.filter(({ kind }) => kind === 'Pod')
  const seen = new Set<string>()
  return [...workloads, ...pods].filter(({ labels }) => {
    const { 'pod-template-hash': _, 'controller-revision-hash': __, ...lasting } = labels
    const key = JSON.stringify(Object.entries(lasting).sort())
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

/** Whether objects of a kind may have pods of which nothing is written. */
function mayMakePods(kind: string): boolean {
  const dot = kind.indexOf('.')
  const [name, group] = dot < 0 ? [kind, ''] : [kind.slice(0, dot), kind.slice(dot + 1)]
  return isBuiltIn(group) ? makers.has(name) : !harmless.has(name)
}

const makers: ReadonlySet<string> = new Set([
  'CronJob',
  'CustomResourceDefinition',
  'Job',
  'ReplicationController',
])

/** Of the kinds that are not Kubernetes' own, those that charts have most, and that make no pods. */
const harmless: ReadonlySet<string> = new Set([
  'Certificate',
  'ClusterIssuer',
  'DestinationRule',
  'ExternalSecret',
  'HTTPRoute',
  'IngressRoute',
  'Issuer',
  'PodMonitor',
  'PrometheusRule',
  'SealedSecret',
  'ServiceMonitor',
  'VirtualService',
])

function hasOf({ target, differences }: Comparison): string {
  const instead = differences.flatMap(({ theirs }) => (theirs === undefined ? [] : [theirs]))
  const shown = instead.length > 0 ? instead : Object.entries(target.labels).slice(0, 3)
  if (shown.length === 0) return 'no labels'
  return shown.map(([key, value]) => `${key}=${value}`).join(' and ')
}

function helpFor(near: Comparison, missed: string): string {
  const [first, second] = near.differences
  if (second === undefined && first?.kind === 'slip') return `did you mean "${first.theirs?.[1]}"?`
  if (second === undefined && first?.kind === 'key slip') {
    return `did you mean the label "${first.theirs?.[0]}"?`
  }
  const giving = `give the pods ${missed}`
  const hasLabels = Object.keys(near.target.labels).length > 0
  return hasLabels ? `select ${hasOf(near)}, or ${giving}` : giving
}
