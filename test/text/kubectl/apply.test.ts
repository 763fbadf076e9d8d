import { describe, expect, test } from '@jest/globals'
import {
  type DryRun,
  type Outcome,
  printDeleted,
  printInvalid,
  printNotFound,
  printOutcome,
} from '../../../src/text/kubectl/apply.ts'

const web = { kind: 'service', namespace: 'default', name: 'web' } as const
const rules = { kind: 'rules', namespace: undefined, name: 'default' } as const

test.each<[Outcome, DryRun, string]>([
  ['created', 'none', 'service/web created\n'],
  ['unchanged', 'none', 'service/web unchanged\n'],
  ['created', 'client', 'service/web created (dry run)\n'],
  ['unchanged', 'client', 'service/web configured (dry run)\n'],
  ['unchanged', 'server', 'service/web unchanged (server dry run)\n'],
  ['serverside-applied', 'none', 'service/web serverside-applied\n'],
  ['pruned', 'none', 'service/web pruned\n'],
])('a Service %s, dry run %s', (outcome, dryRun, text) => {
  expect(printOutcome(web, outcome, dryRun)).toBe(text)
})

test('a Service deleted', () => {
  expect(printDeleted(web, 'none')).toBe('service "web" deleted from default namespace\n')
  expect(printDeleted(web, 'client')).toBe(
    'service "web" deleted from default namespace (dry run)\n',
  )
})

test('rules', () => {
  expect(printOutcome(rules, 'created', 'none')).toBe('rules/default created\n')
  expect(printDeleted(rules, 'none')).toBe('rules "default" deleted\n')
})

test('what is not there', () => {
  expect([web, rules].map(printNotFound)).toEqual([
    'Error from server (NotFound): services "web" not found\n',
    'Error from server (NotFound): rules "default" not found\n',
  ])
})

describe('a Service that is refused', () => {
  const port = 'spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive'
  const type = 'spec.type: Unsupported value: "X": supported values: "ClusterIP"'
  const bad = (name: string, ...causes: string[]) => ({ name, file: 'bad.yaml', causes })

  test('alone, for one cause', () => {
    expect(printInvalid([bad('bad1', port)])).toBe(`The Service "bad1" is invalid: ${port}\n`)
  })

  test('alone, for several', () => {
    expect(printInvalid([bad('bad1', port, type)])).toBe(
      `The Service "bad1" is invalid: \n* ${port}\n* ${type}\n`,
    )
  })

  test('with another', () => {
    expect(printInvalid([bad('bad1', port, type, port), bad('bad2', port)])).toBe(
      `Error from server (Invalid): error when creating "bad.yaml": Service "bad1" is invalid: [${port}, ${type}]\n` +
        `Error from server (Invalid): error when creating "bad.yaml": Service "bad2" is invalid: ${port}\n`,
    )
  })

  test('nothing is said of none', () => {
    expect(printInvalid([])).toBe('')
  })
})
