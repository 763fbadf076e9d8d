import { describe, expect, test } from '@jest/globals'
import { machineWith, run } from '../support/model-world.ts'

const rules = [
  '-A -t 10.96.0.10:80 -s rr',
  '-a -t 10.96.0.10:80 -r 10.244.0.1:8080 -m',
  '-A -t [fd00::1]:80 -s rr',
]
const web = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  ports:\n  - port: 80\n'

/** How a line may go on, on a machine with a Service and some rules in its ledger. */
async function continuing(...words: readonly string[]): Promise<readonly string[]> {
  const machine = machineWith([], { '/rules': `${rules.join('\n')}\n`, '/web.yaml': web })
  await run(machine, ['apply', '--rules', 'rules', '--set', 'lvs'])
  await run(machine, ['apply', '-f', 'web.yaml', '--node-ip', '192.0.2.1'])
  await run(machine, ['drain', '10.244.0.1:8080'])
  const { printed, code } = await run(machine, ['complete', '--', ...words])
  expect(code).toBe(0)
  return printed.split('\n').slice(0, -1)
}

describe('a command line', () => {
  test('begins with a verb', async () => {
    expect(await continuing('dr')).toEqual([
      'drain\tkeep a real server out: no new connections, whatever is applied',
    ])
    expect(await continuing('comp')).toEqual([
      'completion\tprint what makes a shell complete command lines',
    ])
  })

  test.each([
    [
      'with the flags of its verb',
      ['agent', '--resy'],
      ['--resync\thow often the whole table is compared'],
    ],
    ['with one of the words that a flag takes', ['list', '-o', 'w'], ['wide']],
    ['with a file', ['apply', '-f', ''], [':files']],
    ['with a set of the ledger', ['apply', '--set', ''], ['default', 'lvs']],
    ['with a Service of the ledger', ['delete', 'service/'], ['service/web']],
    ['with its name', ['describe', 'service', ''], ['web']],
    ['with no Service of another namespace', ['describe', 'service', '-n', 'shop', ''], []],
    ['with a real server', ['drain', ''], ['10.244.0.1:8080']],
    ['with one that is kept out', ['undrain', '10'], ['10.244.0.1:8080']],
    ['with an address', ['explain', '['], ['[fd00::1]:80']],
    ['with a shell', ['completion', 'z'], ['zsh']],
    ['with nothing, after what is no verb', ['frobnicate', ''], []],
  ])('goes on %s', async (_, words, expected) => {
    expect(await continuing(...words)).toEqual(expected)
  })

  test('goes on though the ledger cannot be read', async () => {
    const machine = machineWith([], { '/ledger.json': 'garbage' })
    expect((await run(machine, ['complete', '--', 'drain', ''])).code).toBe(0)
  })
})
