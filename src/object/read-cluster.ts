import { complaint } from '../diagnostic/complaint.ts'
import type { Report } from '../diagnostic/diagnostic.ts'
import type { Source } from '../diagnostic/source.ts'
import { readDocuments } from '../manifest/read.ts'
import { type ApiError, diagnosticOf } from './api-error.ts'
import type { Cluster } from './cluster.ts'
import { decode } from './decode.ts'
import { type EndpointSlice, readEndpointSlice } from './endpoint-slice.ts'
import { type Endpoints, readEndpoints } from './endpoints.ts'
import { flatten, type WrittenObject } from './flatten.ts'
import { quote } from './go-text.ts'
import { fullName, hintForKind, isUnknown, type KindName, kindOf, kinds } from './kinds.ts'
import { type KubernetesObject, map, readMetadata, text } from './metadata.ts'
import { type Node, readNode } from './node.ts'
import { type Pod, readPod } from './pod.ts'
import { readService, type Service } from './service.ts'
import { shapeOf } from './shape.ts'
import { validateEndpoints } from './validate-endpoints.ts'
import { validateService } from './validate-service.ts'
import { validateEndpointSlice } from './validate-slice.ts'
import { warnOfEndpointSlice, warnOfEndpoints, warnOfService } from './warnings.ts'
import { readWorkload, type Workload } from './workload.ts'
import { type Origin, placeOf } from './written.ts'

export interface ReadOptions {
  /** As given with `-n`: an object that names no namespace is in it, and one of another is refused. */
  readonly namespace?: string | undefined
  /** Lets objects of other namespaces in all the same. */
  readonly othersToo?: boolean | undefined
}

// The words are kubectl's, and the server's for what is there already.

export const noMatches = complaint(
  'unknown-kind',
  'error',
  'a kind must be one that Kubernetes knows in that version',
  (kind: string, version: string, help: string | undefined) => ({
    message: `no matches for kind ${quote(kind)} in version ${quote(version)}`,
    help,
  }),
)

export const namespaceMismatch = complaint(
  'namespace-mismatch',
  'error',
  'an object must be in the namespace given with -n',
  (own: string, given: string) => ({
    message: `the namespace from the provided object ${quote(own)} does not match the namespace ${quote(given)}. You must pass '--namespace=${own}' to perform this operation.`,
  }),
)

export const generateName = complaint(
  'generate-name',
  'error',
  'a Service must have a name of its own',
  (prefix: string) => ({
    message: `from ${prefix}: cannot use generate name with apply`,
    help: 'give it a metadata.name',
  }),
)

export const alreadyExists = complaint(
  'already-exists',
  'error',
  'an object must be given once',
  (resource: string, name: string) => ({
    message: `${resource} ${quote(name)} already exists`,
    label: 'given again here',
    help: 'remove one of the two, or give it another name or namespace',
  }),
)

/** Reads all objects that concern us, and reports what kubectl or an API server would refuse. */
export function readCluster(
  sources: readonly Source[],
  options: ReadOptions,
  report: Report,
): Cluster {
  const reading = new Reading(options, report)
  for (const source of sources) {
    for (const document of readDocuments(source, report)) {
      for (const object of flatten(document, report)) reading.add(object)
    }
  }
  return reading.cluster()
}

/** A cluster that grows object by object; of what was written, only what it needs is kept. */
class Reading {
  private readonly namespace: string
  /** Where every object has to be. */
  private readonly only: string | undefined
  private readonly report: Report
  private readonly services: Service[] = []
  private readonly slices: EndpointSlice[] = []
  private readonly endpoints: Endpoints[] = []
  private readonly pods: Pod[] = []
  private readonly nodes: Node[] = []
  private readonly namespaces: KubernetesObject[] = []
  private readonly workloads: Workload[] = []
  private readonly passedOver = new Map<string, number>()
  private readonly seen = new Map<string, Origin>()
  private objects = 0

  constructor({ namespace, othersToo }: ReadOptions, report: Report) {
    this.namespace = namespace ?? 'default'
    this.only = othersToo ? undefined : namespace
    this.report = report
  }

  add(object: WrittenObject): void {
    const kind = kindOf(object.kind, object.apiVersion)
    if (kind === undefined) this.passOver(object)
    else {
      this.objects += 1
      if (decode(object, shapeOf(kind), this.report)) this.read(kind, object)
    }
  }

  cluster(): Cluster {
    const { services, slices, endpoints, pods, nodes, namespaces, workloads } = this
    const { objects, passedOver } = this
    return {
      services,
      slices,
      endpoints,
      pods,
      nodes,
      namespaces,
      workloads,
      objects,
      passedOver,
    }
  }

  private passOver(object: WrittenObject): void {
    const { kind, apiVersion } = object
    if (isUnknown(kind, apiVersion)) {
      const hint = hintForKind(kind, apiVersion)
      this.report(noMatches(kind, apiVersion, hint).at(placeOf(object, ['kind'])))
      return
    }
    const name = fullName(kind, apiVersion)
    this.passedOver.set(name, (this.passedOver.get(name) ?? 0) + 1)
  }

  private read(kind: KindName, { document, path, fields }: WrittenObject): void {
    const { namespace } = this
    const origin: Origin = { document, path }
    switch (kind) {
      case 'Service':
        this.addService(readService(fields, namespace, origin), origin)
        break
      case 'EndpointSlice': {
        const slice = readEndpointSlice(fields, namespace, origin)
        this.refuse(validateEndpointSlice(slice, fields), origin)
        warnOfEndpointSlice(fields, origin, this.report)
        this.keep(kind, slice, this.slices, origin)
        break
      }
      case 'Endpoints': {
        const endpoints = readEndpoints(fields, namespace, origin)
        this.refuse(validateEndpoints(endpoints, fields), origin)
        warnOfEndpoints(fields, origin, this.report)
        this.keep(kind, endpoints, this.endpoints, origin)
        break
      }
      case 'Pod':
        this.keep(kind, readPod(fields, namespace, origin), this.pods, origin)
        break
      case 'Node':
        this.keep(kind, readNode(fields, origin), this.nodes, origin)
        break
      case 'Namespace': {
        const read = { ...readMetadata(fields, '', origin), namespace: '' }
        this.keep(kind, read, this.namespaces, origin)
        break
      }
      default:
        this.keep(kind, readWorkload(kind, fields, namespace, origin), this.workloads, origin)
    }
  }

  private addService(service: Service, origin: Origin): void {
    const prefix = text(map(service.fields.metadata).generateName)
    if (service.name === '' && prefix !== undefined) {
      const place = placeOf(origin, ['metadata', 'generateName'])
      this.report(generateName(prefix).at(place))
    }
    this.refuse(validateService(service), origin)
    warnOfService(service, origin, this.report)
    this.keep('Service', service, this.services, origin)
  }

  private refuse(errors: readonly ApiError[], origin: Origin): void {
    for (const error of errors) this.report(diagnosticOf(error, origin))
  }

  /** Keeps an object unless there is one of its name already. */
  private keep<T extends KubernetesObject>(kind: KindName, read: T, among: T[], at: Origin): void {
    const { namespace, name } = read
    const { resource, namespaced } = kinds[kind]
    if (namespaced && this.only !== undefined && namespace !== this.only) {
      const place = placeOf(at, ['metadata', 'namespace'])
      this.report(namespaceMismatch(namespace, this.only).at(place))
    }
    // A name that the server makes up is never the same twice.
    const key = `${kind} ${namespace}/${name}`
    const first = name === '' ? undefined : this.seen.get(key)
    if (first === undefined) {
      this.seen.set(key, at)
      among.push(read)
      return
    }
    const where = ['metadata', 'name']
    const twin = { at: placeOf(first, where), label: 'first given here' }
    this.report(alreadyExists(resource, name).at(placeOf(at, where), twin))
  }
}
