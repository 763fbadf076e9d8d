import type { Table } from '../table/virtual-server.ts'
import { simulatedMarks, wideColumns } from '../text/ipvsadm/beside.ts'
import { type ListOptions, printList, printOne } from '../text/ipvsadm/list.ts'
import { listPaint } from '../text/ipvsadm/list-paint.ts'
import { printRules } from '../text/ipvsadm/rules.ts'
import { tableFields } from '../text/ipvsadm/table-fields.ts'
import { printJSON } from '../text/kubectl/json.ts'
import { printYAML } from '../text/kubectl/yaml.ts'
import type { ColourWish, World } from '../world/world.ts'

export type TableFormat = 'ipvsadm' | 'wide' | 'rules' | 'json' | 'yaml'

interface PrintFlags extends ListOptions {
  readonly output: TableFormat
  readonly color: ColourWish
  /** One virtual server was asked for: then the line about the kernel is left out. */
  readonly alone?: boolean
}

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
      const options = { ...flags, beside, paint: listPaint(paint) }
      const [server] = table
      if (flags.alone && server !== undefined) return printOne(server, options)
      return printList(table, options)
    }
  }
}
