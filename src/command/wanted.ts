import { type Diagnostic, hasErrors } from '../diagnostic/diagnostic.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Table } from '../table/virtual-server.ts'
import { type World, WorldError } from '../world/world.ts'
import { type CompiledInput, type CompileFlags, compileInput } from './compile-input.ts'
import { complain } from './complain.ts'

export interface WantedFlags extends CompileFlags {
  readonly rules: string | undefined
}

/** The table that is asked for, and what it was compiled from where that was manifests. */
export interface Wanted {
  readonly table: Table
  readonly compiled: CompiledInput | undefined
}

/** The table that manifests or rules stand for; nothing where they are in error, which is said. */
export async function wantedTable(
  flags: WantedFlags,
  ledger: Ledger,
  world: World,
): Promise<Wanted | undefined> {
  if (flags.rules !== undefined) return wantedByRules(flags, flags.rules, world)
  if (flags.filename.length === 0) {
    throw new WorldError('must specify one of -f and --rules', { kind: 'input' })
  }
  const compiled = await compileInput(flags, ledger, world)
  return compiled && { table: compiled.table, compiled }
}

async function wantedByRules(
  flags: WantedFlags,
  rules: string,
  world: World,
): Promise<Wanted | undefined> {
  if (flags.filename.length > 0) {
    throw new WorldError('-f and --rules cannot be given together', { kind: 'input' })
  }
  const { parseRules } = await import('../text/ipvsadm/parse-rules.ts')
  const sources = world.readSources([rules], false)
  const diagnostics: Diagnostic[] = []
  const tables = sources.map(
    (source) => parseRules(source, (it) => void diagnostics.push(it)).table,
  )
  await complain(diagnostics, sources, flags.color, world)
  return hasErrors(diagnostics) ? undefined : { table: tables.flat(), compiled: undefined }
}
