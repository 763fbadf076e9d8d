import { expect, test } from '@jest/globals'
import { machineWith, run } from '../support/model-world.ts'

test('--version says what the verb says', async () => {
  const machine = machineWith([])
  const { code, printed } = await run(machine, ['--version'])
  expect({ code, printed }).toEqual({ code: 0, printed: (await run(machine, ['version'])).printed })
  expect((await run(machine, ['--help'])).printed).toContain('--version')
  expect((await run(machine, ['list', '--help'])).printed).not.toContain('--version')
})
