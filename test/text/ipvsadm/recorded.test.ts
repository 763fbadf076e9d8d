import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { parseConnections, printConnections } from '../../../src/text/ipvsadm/connections.ts'
import { type ListOptions, printList } from '../../../src/text/ipvsadm/list.ts'
import { parseRules, type Restored } from '../../../src/text/ipvsadm/parse-rules.ts'
import { printRules } from '../../../src/text/ipvsadm/rules.ts'
import { readRecordedNames } from '../../support/recorded-names.ts'
import { readRecordedTable } from '../../support/recorded-table.ts'

// What the real ipvsadm 1.31 said to a real kernel, Linux 6.1: see fixtures/ipvsadm/index.json.
const root = 'fixtures/ipvsadm'
const { names, lookup } = readRecordedNames(join(root, '_etc'))

const listings: Readonly<Record<string, ListOptions>> = {
  'Ln.txt': {},
  'Ln-nosort.txt': { nosort: true },
  'Ln-stats.txt': { stats: true },
  'Ln-rate.txt': { rate: true },
  'Ln-exact.txt': { stats: true, exact: true },
  'Ln-rate-exact.txt': { rate: true, exact: true },
  'Ln-thresholds.txt': { thresholds: true },
  'Ln-persistent-conn.txt': { persistentConn: true },
  'Ln-tun-info.txt': { tunInfo: true },
  'L.txt': { names },
  'L-stats.txt': { stats: true, names },
}

// The order of these virtual servers bites its own tail. How it comes out depends on where the
// kernel had them in memory, which the dump shows and the rules do not.
const unknowableOrder = ['060-fwmark-large', '063-order-ip-cycle', '066-order-v6-words']

const cases = readdirSync(root).filter((name) => /^[0-9ST]/.test(name))
const withTable = cases.filter((name) => existsSync(join(root, name, 'kernel.json')))
const withRules = cases.filter((name) => existsSync(join(root, name, 'rules.txt')))
const withConnections = cases.filter((name) => existsSync(join(root, name, 'Lnc.txt')))

test('there is much to compare', () => {
  expect([withTable.length, withRules.length, withConnections.length]).toEqual([87, 112, 11])
})

describe('a table as the kernel dumps it', () => {
  test.each(withTable)('%s is listed as ipvsadm lists it', (name) => {
    const { table, kernel } = readRecordedTable(join(root, name, 'kernel.json'))
    const list = (options: ListOptions): string =>
      printList(table, { ...options, kernel, dumped: true })
    for (const [file, options] of listingsOf(name)) {
      expect({ file, text: list(options) }).toEqual({ file, text: read(name, file) })
    }
    for (const [file, options] of savingsOf(name)) {
      const text = printRules(table, { ...options, dumped: true })
      expect({ file, text }).toEqual({ file, text: read(name, file) })
    }
  })
})

describe('the rules that made it', () => {
  test.each(withRules)('%s: complaints are those of ipvsadm', (name) => {
    const { stderr, status } = restore(name)
    expect(stderr).toBe(existsSync(join(root, name, 'R.err')) ? read(name, 'R.err') : '')
    expect(status).toBe(statuses.get(name))
  })

  test.each(withRules.filter((name) => !unknowableOrder.includes(name)))(
    '%s leave the table that ipvsadm left',
    (name) => {
      const { table } = restore(name)
      for (const [file, options] of listingsOf(name)) {
        // Where a virtual server lies in the kernel's hash is not known, but for a single one.
        if (options.nosort && table.length > 1) continue
        expect({ file, text: printList(table, options) }).toEqual({ file, text: read(name, file) })
      }
      for (const [file, options] of savingsOf(name)) {
        expect({ file, text: printRules(table, options) }).toEqual({ file, text: read(name, file) })
      }
    },
  )

  test.each(unknowableOrder)('%s leave the rows that ipvsadm left, in some order', (name) => {
    const { table } = restore(name)
    for (const [file, options] of listingsOf(name)) {
      expect(rows(printList(table, options))).toEqual(rows(read(name, file)))
    }
    expect(rows(printRules(table))).toEqual(rows(read(name, 'Sn.txt')))
  })

  test('082-restore-list-inside: the listings within are those of the table', () => {
    const { table } = restore('082-restore-list-inside')
    const listings = printList(table) + printRules(table)
    expect(listings).toBe(read('082-restore-list-inside', 'R.out'))
  })
})

describe('the connections of a kernel', () => {
  test.each(withConnections)('%s are listed as ipvsadm lists them', (name) => {
    const connections = parseConnections(read(name, 'Lnc.proc_net_ip_vs_conn.txt'))
    expect(printConnections(connections)).toBe(read(name, 'Lnc.txt'))
  })

  test('T02-nodeport-held: and by name', () => {
    const connections = parseConnections(read('T02-nodeport-held', 'Lc.proc_net_ip_vs_conn.txt'))
    const text = printConnections(connections, { names })
    expect(text).toBe(read('T02-nodeport-held', 'Lc.txt'))
  })
})

describe('command lines on a table', () => {
  test.each(commandLines())('ipvsadm %s', (words, { name, rc, err }) => {
    const rules = `${read(name, 'rules.txt')}${words}\n`
    const { stderr, status } = parseRules({ name, text: rules }, () => {}, { lookup })
    expect({ stderr, status }).toEqual({ stderr: err, status: rc })
  })
})

interface Answer {
  readonly name: string
  readonly rc: number
  readonly err: string
}

/** Those that a rule can say too. What is said of daemons depends on those that run. */
function commandLines(): [string, Answer][] {
  return ['165-argv-misc', '166-argv-daemon'].flatMap((name) => {
    const answers: (Answer & { argv: string[]; uid?: number })[] = JSON.parse(
      read(name, 'argv.json'),
    )
    return answers
      .filter(({ argv, uid }) => argv.length > 0 && uid === undefined)
      .filter(({ err }) => !/^(No such device|Daemon has already|No daemon)/.test(err))
      .map(({ argv, rc, err }): [string, Answer] => [argv.join(' '), { name, rc, err }])
  })
}

function restore(name: string): Restored {
  return parseRules({ name, text: read(name, 'rules.txt') }, () => {}, { lookup })
}

const statuses: ReadonlyMap<string, number> = new Map(
  (JSON.parse(read('index.json')).cases as { dir: string; R?: { rc: number } }[]).map(
    ({ dir, R }) => [dir, R?.rc ?? 0],
  ),
)

function listingsOf(name: string): [string, ListOptions][] {
  return Object.entries(listings).filter(([file]) => existsSync(join(root, name, file)))
}

function savingsOf(name: string): [string, ListOptions][] {
  const savings: [string, ListOptions][] = [
    ['Sn.txt', {}],
    ['S.txt', { names }],
  ]
  return savings.filter(([file]) => existsSync(join(root, name, file)))
}

function read(...path: readonly string[]): string {
  return readFileSync(join(root, ...path), 'utf8')
}

function rows(text: string): string[] {
  return text.split('\n').sort()
}
