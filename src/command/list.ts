import type { Table } from '../table/virtual-server.ts'
import { simulatedMarks, wideColumns } from '../text/ipvsadm/beside.ts'
import { type ListOptions, printList } from '../text/ipvsadm/list.ts'
import { listPaint } from '../text/ipvsadm/list-paint.ts'
import { printRules } from '../text/ipvsadm/rules.ts'
import { tableFields } from '../text/ipvsadm/table-fields.ts'
import { printJSON } from '../text/kubectl/json.ts'
import { printYAML } from '../text/kubectl/yaml.ts'
import type { World } from '../world/world.ts'
import { ExitCode } from './exit-code.ts'
import { readLedger } from './ledger.ts'
import type { LedgerFlag } from './options.ts'
import { type WantedFlags, wantedTable } from './wanted.ts'

export interface ListFlags extends WantedFlags, LedgerFlag {
  readonly output: 'ipvsadm' | 'wide' | 'rules' | 'json' | 'yaml'
  readonly stats: boolean
  readonly rate: boolean
  readonly thresholds: boolean
  readonly persistentConn: boolean
  readonly tunInfo: boolean
  readonly exact: boolean
  readonly nosort: boolean
}

/** Prints a table in ipvsadm's words. */
export async function list(flags: ListFlags, world: World): Promise<ExitCode> {
  const wanted = await wantedTable(flags, readLedger(flags, world), world)
  if (wanted === undefined) return ExitCode.No

  if (flags.output === 'rules') saySimulated(wanted.table, world)
  world.print(await printTable(wanted.table, flags, world))
  return ExitCode.Done
}

/** Rules have no room for a mark, so that a word beside them has to do. */
function saySimulated(table: Table, world: World): void {
  const count = table.flatMap(({ realServers }) => realServers).filter((it) => it.simulated).length
  if (count > 0)
    world.say(`warning: ${count} of the real servers are simulated: nobody runs them yet\n`)
}

type PrintFlags = Pick<ListFlags, 'output' | 'color'> & Partial<ListOptions>

/** A table in one of the formats that verbs offer for tables. */
export async function printTable(table: Table, flags: PrintFlags, world: World): Promise<string> {
  switch (flags.output) {
    case 'rules':
      return printRules(table)
    case 'json':
      return printJSON(tableFields(table))
    case 'yaml':
      return printYAML(tableFields(table))
    default: {
      const beside = flags.output === 'wide' ? wideColumns(table) : simulatedMarks(table)
      const paint = await world.paintFor('stdout', flags.color)
      return printList(table, { ...flags, beside, paint: listPaint(paint) })
    }
  }
}
