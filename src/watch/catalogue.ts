import type { Cluster } from '../object/cluster.ts'
import type { EndpointSlice } from '../object/endpoint-slice.ts'
import type { Endpoints } from '../object/endpoints.ts'
import { type KubernetesObject, nameOf, selects } from '../object/metadata.ts'
import type { Node } from '../object/node.ts'
import type { Pod } from '../object/pod.ts'
import type { Service } from '../object/service.ts'
import { type Workload, workloadKinds } from '../object/workload.ts'
import { type Roster, rosterOf } from '../roster/roster.ts'

/** Which Services may have another answer than before. */
export interface Touched {
  readonly services: ReadonlySet<string>
  /** Services that were themselves written anew, or are gone. */
  readonly written: ReadonlySet<string>
  /** Something changed that all of them may depend on. */
  readonly all: boolean
}

/** Above so many pods at once it costs less to look at every Service than at every pair. */
const manyPods = 100

/**
 * All objects that count now, found by what refers to them. It changes in place, object by object,
 * at a cost that follows the change.
 */
export class Catalogue {
  readonly #services = new Holdings<Service>()
  readonly #slices = new Holdings<EndpointSlice>()
  readonly #endpoints = new Holdings<Endpoints>()
  readonly #pods = new Holdings<Pod>()
  readonly #nodes = new Holdings<Node>()
  readonly #workloads = new Holdings<Workload>()
  readonly #slicesByService = new Map<string, readonly EndpointSlice[]>()
  /** What the roster knows besides slices and Endpoints; nothing where it has to be made anew. */
  #others: Roster | undefined

  get services(): ReadonlyMap<string, Service> {
    return this.#services.held
  }

  get nodes(): readonly Node[] {
    return [...this.#nodes.held.values()]
  }

  get pods(): ReadonlyMap<string, Pod> {
    return this.#pods.held
  }

  get workloads(): readonly Workload[] {
    return [...this.#workloads.held.values()]
  }

  /** Names that two objects of one kind have: the one that was there first counts. */
  get contested(): readonly string[] {
    return [this.#services, this.#slices, this.#endpoints, this.#pods, this.#nodes]
      .flatMap(({ contested }) => [...contested])
      .sort()
  }

  get roster(): Roster {
    this.#others ??= rosterOf(this.#cluster(), () => {})
    return { ...this.#others, slices: this.#slicesByService, endpoints: this.#endpoints.held }
  }

  /** Takes objects away and puts others in, in one step. */
  turn(gone: readonly Cluster[], added: readonly Cluster[]): Touched {
    const services = new Set<string>()
    const written = this.#services.turn(
      gone.flatMap((cluster) => cluster.services),
      added.flatMap((cluster) => cluster.services),
    )
    for (const name of written) services.add(name)
    this.#turnSlices(gone, added, services)
    const endpoints = this.#endpoints.turn(
      gone.flatMap((cluster) => cluster.endpoints),
      added.flatMap((cluster) => cluster.endpoints),
    )
    for (const name of endpoints) services.add(name)
    return { services, written, all: this.#turnOthers(gone, added, services) }
  }

  #turnSlices(gone: readonly Cluster[], added: readonly Cluster[], services: Set<string>): void {
    const out = gone.flatMap((cluster) => cluster.slices)
    const into = added.flatMap((cluster) => cluster.slices)
    const before = new Map(
      [...out, ...into].map((slice) => [nameOf(slice), this.#slices.held.get(nameOf(slice))]),
    )
    const left = new Set<EndpointSlice>()
    const fresh = new Map<string, EndpointSlice[]>()
    const changed = new Set<string>()
    for (const name of this.#slices.turn(out, into)) {
      const old = before.get(name)
      const now = this.#slices.held.get(name)
      if (old?.service !== undefined) {
        left.add(old)
        changed.add(`${old.namespace}/${old.service}`)
      }
      if (now?.service === undefined) continue
      const service = `${now.namespace}/${now.service}`
      changed.add(service)
      const others = fresh.get(service)
      if (others === undefined) fresh.set(service, [now])
      else others.push(now)
    }
    for (const service of changed) {
      const stay = (this.#slicesByService.get(service) ?? []).filter((slice) => !left.has(slice))
      const now = [...stay, ...(fresh.get(service) ?? [])].sort(byName)
      if (now.length > 0) this.#slicesByService.set(service, now)
      else this.#slicesByService.delete(service)
      services.add(service)
    }
  }

  /** Answers whether all Services may be concerned. */
  #turnOthers(gone: readonly Cluster[], added: readonly Cluster[], services: Set<string>): boolean {
    const nodes = this.#nodes.turn(
      gone.flatMap((cluster) => cluster.nodes),
      added.flatMap((cluster) => cluster.nodes),
    )
    const workloads = this.#workloads.turn(
      gone.flatMap((cluster) => cluster.workloads),
      added.flatMap((cluster) => cluster.workloads),
    )
    const pods = [...gone, ...added].flatMap((cluster) => cluster.pods)
    const names = this.#pods.turn(
      gone.flatMap((cluster) => cluster.pods),
      added.flatMap((cluster) => cluster.pods),
    )
    if (nodes.size + workloads.size + names.size === 0) return false
    this.#others = undefined
    if (nodes.size + workloads.size > 0 || pods.length > manyPods) return true
    for (const service of this.#services.held.values()) {
      const { selector } = service.spec
      if (selector === undefined) continue
      const isMeant = ({ namespace, labels }: Pod): boolean =>
        namespace === service.namespace && selects(selector, labels)
      if (pods.some(isMeant)) services.add(nameOf(service))
    }
    return false
  }

  #cluster(): Cluster {
    return {
      services: [],
      slices: [],
      endpoints: [],
      namespaces: [],
      passedOver: new Map(),
      objects: 0,
      pods: [...this.#pods.held.values()],
      nodes: this.nodes,
      workloads: this.workloads,
    }
  }
}

/** The objects of one kind, by name. Of two with one name, the one that was there first counts. */
class Holdings<T extends KubernetesObject> {
  readonly held = new Map<string, T>()
  /** By name, in the order in which they came; only names that several have. */
  readonly #waiting = new Map<string, readonly T[]>()

  get contested(): Iterable<string> {
    return this.#waiting.keys()
  }

  /** Answers the names of which another object counts now, or none. */
  turn(gone: readonly T[], added: readonly T[]): ReadonlySet<string> {
    const changed = new Set<string>()
    const before = new Map<string, T | undefined>()
    const remember = (name: string): void => {
      if (!before.has(name)) before.set(name, this.held.get(name))
    }
    for (const object of gone) {
      const name = keyOf(object)
      remember(name)
      this.#set(
        name,
        this.#all(name).filter((other) => other !== object),
      )
    }
    for (const object of added) {
      const name = keyOf(object)
      remember(name)
      this.#set(name, [...this.#all(name), object])
    }
    for (const [name, object] of before) if (this.held.get(name) !== object) changed.add(name)
    return changed
  }

  #all(name: string): readonly T[] {
    const first = this.held.get(name)
    return this.#waiting.get(name) ?? (first === undefined ? [] : [first])
  }

  #set(name: string, all: readonly T[]): void {
    const [first] = all
    if (first === undefined) this.held.delete(name)
    else this.held.set(name, first)
    if (all.length > 1) this.#waiting.set(name, all)
    else this.#waiting.delete(name)
  }
}

/** Workloads of different kinds may have one name. */
function keyOf(object: KubernetesObject): string {
  const kind = 'kind' in object ? workloadKinds.find((known) => known === object.kind) : undefined
  return kind === undefined ? nameOf(object) : `${kind} ${nameOf(object)}`
}

function byName(a: EndpointSlice, b: EndpointSlice): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0
}
