import type { Path } from '../manifest/document.ts'
import type { Cluster } from '../object/cluster.ts'
import { type KubernetesObject, type Strings, selects } from '../object/metadata.ts'
import type { Container, PodSpec } from '../object/pod.ts'
import type { Service } from '../object/service.ts'

/** Something a selector can match: a pod, or what a workload makes its pods from. */
export interface Target {
  readonly kind: string
  readonly object: KubernetesObject
  readonly labels: Strings
  readonly pod: PodSpec
  /** The way from the top of the object to the pod: its metadata and its spec are below. */
  readonly path: Path
}

/** Which targets each Service selects. */
export interface Selection {
  readonly targets: readonly Target[]
  /** Services that have a selector which means pods, by namespace. */
  readonly selecting: ReadonlyMap<string, readonly Service[]>
  readonly targetsIn: (namespace: string) => readonly Target[]
  readonly targetsOf: (service: Service) => readonly Target[]
  /** Whether any Service selects a target. */
  readonly isSelected: (target: Target) => boolean
}

/** `Deployment web`, as sentences name a target. */
export function ownerOf({ kind, object }: Target): string {
  return `${kind} ${object.name}`
}

/** The way to the ports of a container. */
export function portsOf({ path }: Target, container: Container): Path {
  return [...path, 'spec', ...container.path, 'ports']
}

export function selectionOf({ services, pods, workloads }: Cluster): Selection {
  const targets: Target[] = [
    ...pods.map((pod) => ({ kind: 'Pod', object: pod, labels: pod.labels, pod, path: [] })),
    ...workloads.map((workload) => ({
      kind: workload.kind,
      object: workload,
      labels: workload.template.labels,
      pod: workload.template,
      path: ['spec', 'template'],
    })),
  ]
  const byNamespace = groupBy(targets, ({ object }) => object.namespace)
  const byPair = indexByPair(targets)
  const selecting = groupBy(services.filter(selectsPods), ({ namespace }) => namespace)
  const known = new Map<Service, readonly Target[]>()
  const targetsOf = (service: Service): readonly Target[] => {
    const found = known.get(service) ?? select(service, byPair, byNamespace)
    known.set(service, found)
    return found
  }
  let selected: ReadonlySet<Target> | undefined
  return {
    targets,
    selecting,
    targetsIn: (namespace) => byNamespace.get(namespace) ?? [],
    targetsOf,
    isSelected: (target) => {
      selected ??= new Set([...selecting.values()].flat().flatMap(targetsOf))
      return selected.has(target)
    },
  }
}

function selectsPods({ spec }: Service): boolean {
  return spec.selector !== undefined && spec.type !== 'ExternalName'
}

/** Labels that controllers put on pods, so that no template has them. */
const givenLater: ReadonlySet<string> = new Set([
  'apps.kubernetes.io/pod-index',
  'controller-revision-hash',
  'pod-template-generation',
  'pod-template-hash',
  'statefulset.kubernetes.io/pod-name',
])

function select(
  { namespace, spec: { selector = {} } }: Service,
  byPair: ReadonlyMap<string, readonly Target[]>,
  byNamespace: ReadonlyMap<string, readonly Target[]>,
): readonly Target[] {
  const keys = Object.keys(selector)
  const lasting = keys.filter((key) => !givenLater.has(key))
  if (lasting.length < keys.length) return selectWithout(selector, byNamespace.get(namespace) ?? [])
  let fewest: readonly Target[] | undefined
  for (const key of keys) {
    const having = byPair.get(pairOf(namespace, key, selector[key])) ?? []
    if (fewest === undefined || having.length < fewest.length) fewest = having
  }
  return (fewest ?? []).filter(({ labels }) => selects(selector, labels))
}

/** Where a selector means single pods of a workload, its template is what can be looked at. */
function selectWithout(selector: Strings, targets: readonly Target[]): readonly Target[] {
  const pairs = Object.entries(selector)
  const lasting = Object.fromEntries(pairs.filter(([key]) => !givenLater.has(key)))
  const podName = selector['statefulset.kubernetes.io/pod-name']
  return targets.filter(({ kind, labels, object }) => {
    if (kind === 'Pod') return selects(selector, labels)
    if (podName !== undefined && podName.replace(/-\d+$/, '') !== object.name) return false
    return selects(lasting, labels)
  })
}

function indexByPair(targets: readonly Target[]): ReadonlyMap<string, readonly Target[]> {
  const index = new Map<string, Target[]>()
  for (const target of targets) {
    const { object, labels } = target
    for (const key in labels) add(index, pairOf(object.namespace, key, labels[key]), target)
  }
  return index
}

/** Neither names nor labels can contain a line break. */
function pairOf(namespace: string, key: string, value: string | undefined): string {
  return `${namespace}\n${key}=${value}`
}

export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) add(groups, keyOf(item), item)
  return groups
}

function add<T>(groups: Map<string, T[]>, key: string, item: T): void {
  const group = groups.get(key)
  if (group === undefined) groups.set(key, [item])
  else group.push(item)
}
