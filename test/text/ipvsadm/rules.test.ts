import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Diagnostic } from '../../../src/diagnostic/diagnostic.ts'
import { identityOf, type Table } from '../../../src/table/virtual-server.ts'
import { printList } from '../../../src/text/ipvsadm/list.ts'
import { parseRules } from '../../../src/text/ipvsadm/parse-rules.ts'
import { printRules } from '../../../src/text/ipvsadm/rules.ts'
import { anyTable, sayableTable } from '../../support/any-table.ts'

function tableOf(text: string): { table: Table; diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = []
  const { table } = parseRules({ name: 'rules', text }, (found) => diagnostics.push(found))
  return { table, diagnostics }
}

/** The same table, whatever the order in which it was made. */
function sorted(table: Table): Table {
  return table
    .map((server) => ({
      ...server,
      realServers: [...server.realServers].sort((a, b) => order(nameOf(a), nameOf(b))),
    }))
    .sort((a, b) => order(identityOf(a), identityOf(b)))
}

function nameOf({ address, port }: { address: string; port: number }): string {
  return `${address} ${port}`
}

function order(a: string, b: string): number {
  return a < b ? -1 : 1
}

describe('of every table', () => {
  test('rules that are printed and read are the same table', () => {
    fc.assert(
      fc.property(sayableTable, (table) => {
        const { table: again, diagnostics } = tableOf(printRules(table))
        expect(diagnostics).toEqual([])
        expect(sorted(again)).toEqual(sorted(table))
      }),
    )
  })

  test('every listing has one line for each server, and three more', () => {
    const modes = fc.record({
      stats: fc.boolean(),
      rate: fc.boolean(),
      thresholds: fc.boolean(),
      persistentConn: fc.boolean(),
      tunInfo: fc.boolean(),
      exact: fc.boolean(),
      nosort: fc.boolean(),
      dumped: fc.boolean(),
    })
    fc.assert(
      fc.property(anyTable, modes, (table, options) => {
        const servers = table.flatMap((server) => [server, ...server.realServers])
        expect(printList(table, options).split('\n')).toHaveLength(servers.length + 4)
        expect(printRules(table, options).split('\n')).toHaveLength(servers.length + 1)
      }),
    )
  })

  test('sorting loses nobody', () => {
    fc.assert(
      fc.property(anyTable, (table) => {
        const rows = (nosort: boolean): string[] => printList(table, { nosort }).split('\n').sort()
        expect(rows(true)).toEqual(rows(false))
      }),
    )
  })
})

describe('of every text', () => {
  const words =
    '-A -E -D -a -e -d -C -t -u -f -s rr -p -M -r -m -i -g -w -x -y -b -o -6 -L -n -- - 1 80 :: = , # --pe --tun-type gue 10.0.0.1:80 [::1]:80'
  const rules = fc
    .array(fc.oneof(fc.constantFrom(...words.split(' ')), fc.string()), { maxLength: 12 })
    .map((line) => line.join(' '))
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(rules).map((lines) => lines.join('\n')),
  )

  test('reading it never throws, and every complaint stands in the text', () => {
    fc.assert(
      fc.property(text, (text) => {
        for (const { at } of tableOf(text).diagnostics) {
          const { start = -1, end = -1 } = at?.span() ?? {}
          expect(0 <= start && start <= end && end <= text.length).toBe(true)
        }
      }),
    )
  })

  test('what is left of it in the table can be printed and read', () => {
    fc.assert(
      fc.property(text, (text) => {
        const { table } = tableOf(text)
        expect(tableOf(printRules(table)).diagnostics).toEqual([])
      }),
    )
  })
})
