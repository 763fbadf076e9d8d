import { suggest } from '../diagnostic/suggest.ts'

/** A kind that is read, and what the API server knows about it. */
export interface Kind {
  readonly name: string
  readonly apiVersion: string
  /** As the server names its objects: `deployments.apps`. */
  readonly resource: string
  readonly namespaced: boolean
}

const apps = 'apps/v1'
const discovery = 'discovery.k8s.io/v1'

export const kinds = {
  Service: kind('Service', 'v1', 'services'),
  EndpointSlice: kind('EndpointSlice', discovery, 'endpointslices.discovery.k8s.io'),
  Endpoints: kind('Endpoints', 'v1', 'endpoints'),
  Pod: kind('Pod', 'v1', 'pods'),
  Node: { ...kind('Node', 'v1', 'nodes'), namespaced: false },
  Namespace: { ...kind('Namespace', 'v1', 'namespaces'), namespaced: false },
  Deployment: kind('Deployment', apps, 'deployments.apps'),
  ReplicaSet: kind('ReplicaSet', apps, 'replicasets.apps'),
  StatefulSet: kind('StatefulSet', apps, 'statefulsets.apps'),
  DaemonSet: kind('DaemonSet', apps, 'daemonsets.apps'),
} as const
export type KindName = keyof typeof kinds

function kind<const Name extends string>(name: Name, apiVersion: string, resource: string) {
  return { name, apiVersion, resource, namespaced: true }
}

/** The kind with exactly that version, if it is one that is read. */
export function kindOf(name: string, apiVersion: string): KindName | undefined {
  return isKindName(name) && kinds[name].apiVersion === apiVersion ? name : undefined
}

/**
 * Whether no server has a kind in that version. That can be said of the groups that are known to
 * the last kind, and of the kinds that are read wherever Kubernetes' own groups are named.
 */
export function isUnknown(name: string, apiVersion: string): boolean {
  const whole = wholeGroups.get(apiVersion)
  if (whole !== undefined) return !whole.has(name.replace(/(?<=.)List$/, ''))
  const group = groupOf(apiVersion)
  return group === '' || (isKindName(name) && isBuiltIn(group))
}

/** What was probably meant by a kind that no server has. */
export function hintForKind(name: string, apiVersion: string): string | undefined {
  if (isKindName(name)) return `${name} is in version "${kinds[name].apiVersion}"`
  const here = suggest(name, wholeGroups.get(apiVersion) ?? [])
  const meant = here ?? suggest(name, Object.keys(kinds))
  return meant === undefined ? undefined : `did you mean "${meant}"?`
}

/** A kind under the name that tells it from its namesakes: `Service.serving.knative.dev`. */
export function fullName(name: string, apiVersion: string): string {
  const group = groupOf(apiVersion)
  return group === '' ? name : `${name}.${group}`
}

function isKindName(name: string): name is KindName {
  return Object.hasOwn(kinds, name)
}

function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/')
  return slash < 0 ? '' : apiVersion.slice(0, slash)
}

/** Groups of Kubernetes itself; those of others have a domain of their own. */
export function isBuiltIn(group: string): boolean {
  return !group.includes('.') || builtIn.has(group)
}

const builtIn: ReadonlySet<string> = new Set(
  [
    'admissionregistration apiextensions apiregistration authentication authorization',
    'certificates coordination discovery events flowcontrol.apiserver internal.apiserver',
    'networking node rbac.authorization resource scheduling storage storagemigration',
  ].flatMap((line) => line.split(' ').map((group) => `${group}.k8s.io`)),
)

// The kinds that can be written to these versions of Kubernetes 1.36.
const wholeGroups: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  [
    'v1',
    new Set([
      ...['List', 'Binding', 'ComponentStatus', 'ConfigMap', 'Endpoints', 'Event', 'LimitRange'],
      ...['Namespace', 'Node', 'PersistentVolume', 'PersistentVolumeClaim', 'Pod', 'PodTemplate'],
      ...['ReplicationController', 'ResourceQuota', 'Secret', 'Service', 'ServiceAccount'],
    ]),
  ],
  [apps, new Set(['ControllerRevision', 'DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet'])],
  [discovery, new Set(['EndpointSlice'])],
])
