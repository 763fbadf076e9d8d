import type { Source } from '../diagnostic/source.ts'
import { printGraph } from '../text/graph/graph.ts'
import { graphOfCluster, graphOfView } from '../text/graph/graph-of.ts'
import type { GraphFormat } from '../text/graph/model.ts'
import type { World } from '../world/world.ts'
import { type CompileFlags, compileInput } from './compile-input.ts'
import { ExitCode } from './exit-code.ts'
import { readLedger } from './ledger.ts'
import type { LedgerFlag } from './options.ts'

export interface GraphFlags extends CompileFlags, LedgerFlag {
  readonly output: GraphFormat
}

/** Draws the ways of packets: from clients over nodes and Services to whoever answers. */
export async function graph(flags: GraphFlags, world: World): Promise<ExitCode> {
  const compiled = await compileInput(flags, readLedger(flags, world), world)
  if (compiled === undefined) return ExitCode.No

  const isOfAll = flags.role === 'node' && flags.node === undefined
  const pictured = isOfAll ? graphOfCluster : graphOfView
  world.print(printGraph(pictured(titleOf(compiled.sources), compiled), flags.output))
  return ExitCode.Done
}

const mostNames = 3

function titleOf(sources: readonly Source[]): string {
  const names = sources.map(({ name }) => (name === '-' ? 'standard input' : name))
  if (names.length <= mostNames) return names.join(', ')
  return `${names.slice(0, mostNames).join(', ')} and ${names.length - mostNames} more`
}
