import type { IP } from '../address/ip.ts'
import type { PortRange } from '../address/port.ts'
import type { Report } from '../diagnostic/diagnostic.ts'
import type { Place, Source } from '../diagnostic/source.ts'
import type { Path } from '../manifest/document.ts'
import type { Part } from '../manifest/place.ts'
import type { Cluster } from '../object/cluster.ts'
import type { KubernetesObject } from '../object/metadata.ts'
import type { Service, ServiceSpec } from '../object/service.ts'
import { placeOf } from '../object/written.ts'
import type { PoolOptions } from '../pool/allocate.ts'
import type { Granted } from '../pool/grant.ts'
import type { Roster } from '../roster/roster.ts'
import type { Selection } from './selection.ts'
import type { WrittenEndpoints } from './written-endpoints.ts'

/** All that rules may look at: what was read, what came of it, and what is known besides. */
export interface Surveyed {
  readonly sources: readonly Source[]
  readonly cluster: Cluster
  /** By `namespace/name`. */
  readonly services: ReadonlyMap<string, Service>
  readonly granteds: readonly Granted[]
  readonly roster: Roster
  readonly selection: Selection
  readonly written: readonly WrittenEndpoints[]
  /** Whose they are: the addresses of Nodes, and of this machine where that is asked for. */
  readonly nodeAddresses: ReadonlyMap<IP, string>
  readonly facts: Facts
  /** A node port for a name such as `default/web/http` that nobody here has, if there is one. */
  readonly freeNodePort: (name: string) => number | undefined
}

/** What no manifest says. */
export interface Facts {
  readonly pools: PoolOptions
  /** What the ledger holds, by the Service's `namespace/name`. */
  readonly held: ReadonlyMap<string, ServiceSpec>
  readonly ephemeral: EphemeralPorts
  /** The node that is asked about. */
  readonly node: string | undefined
  /** Addresses of this machine, where it is a node. */
  readonly hostAddresses: readonly IP[]
  /** Seconds that a drain may take. */
  readonly drainTimeout: number | undefined
}

/** The ports that hosts take for connections of their own, and those they leave out of them. */
export interface EphemeralPorts {
  readonly range: PortRange
  readonly reserved: readonly PortRange[]
}

/** One rule of the survey: a sentence that should be true of all that was read. */
export type Rule = (surveyed: Surveyed, report: Report) => void

/** The place of a field of an object; none where the object was not written. */
export function at({ origin }: KubernetesObject, path: Path, part?: Part): Place | undefined {
  return origin && placeOf(origin, path, part)
}
