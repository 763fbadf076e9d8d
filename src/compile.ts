import type { Diagnostic, Report } from './diagnostic/diagnostic.ts'
import type { Source } from './diagnostic/source.ts'
import type { Cluster } from './object/cluster.ts'
import { type ReadOptions, readCluster } from './object/read-cluster.ts'
import type { ServiceSpec } from './object/service.ts'
import { allocate, type PoolOptions } from './pool/allocate.ts'
import type { Granted } from './pool/grant.ts'
import { type Roster, rosterOf } from './roster/roster.ts'
import { checkAnnotations } from './table/check-annotations.ts'
import type { Settings } from './table/service-settings.ts'
import { tableFor } from './table/table.ts'
import { type View, type ViewOptions, viewOf } from './table/view.ts'
import type { Table } from './table/virtual-server.ts'

export interface UnderstandOptions extends ReadOptions {
  /** What the ledger holds, by the Service's `namespace/name`. */
  readonly held: ReadonlyMap<string, ServiceSpec>
  readonly pools: PoolOptions
  /** What holds where no annotation says otherwise. */
  readonly settings: Settings
}

export interface CompileOptions extends UnderstandOptions {
  readonly view: ViewOptions
}

/** What the manifests say, with every number handed out. */
export interface Understood {
  readonly cluster: Cluster
  readonly granteds: readonly Granted[]
  readonly diagnostics: readonly Diagnostic[]
}

export interface Compiled extends Understood {
  readonly roster: Roster
  readonly view: View
  readonly table: Table
}

/** The whole compiler: manifests in, table out. It asks nothing of the world, and changes nothing in it. */
export function compile(sources: readonly Source[], options: CompileOptions): Compiled {
  const { cluster, granteds, ...understood } = understand(sources, options)
  const diagnostics = [...understood.diagnostics]
  const report: Report = (diagnostic) => void diagnostics.push(diagnostic)

  const roster = rosterOf(cluster, report)
  const view = viewOf(cluster.nodes, options.view, report)
  const table = tableFor(granteds, roster, view, options.settings, report)

  return { cluster, granteds, roster, view, table, diagnostics }
}

/** The half of it that needs no node: what is to be served, and under which numbers. */
export function understand(sources: readonly Source[], options: UnderstandOptions): Understood {
  const diagnostics: Diagnostic[] = []
  const report: Report = (diagnostic) => void diagnostics.push(diagnostic)

  const cluster = readCluster(sources, options, report)
  checkAnnotations(cluster, options.settings, report)
  const granteds = allocate(cluster.services, options.held, options.pools, report)

  return { cluster, granteds, diagnostics }
}
