import { readdirSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { nodeport } from '../support/console.ts'

// Charts as people write them, and the notes that the project began with: nothing is wrong with
// them, so nothing may be said.

describe.each([
  ['the seeds', 'fixtures/seeds'],
  ['well-known charts', 'fixtures/charts'],
])('%s', (_, folder) => {
  const files = readdirSync(folder)

  test.each(files)('%s passes alone', async (file) => {
    const [written, exit] = await nodeport(['check', '-f', file], folder)
    expect(written).toMatch(/^nothing found in \d+ objects? of 1 file/)
    expect(exit).toBe(0)
  })

  test('all pass together', async () => {
    const [written, exit] = await nodeport(['check', '-f', '.'], folder)
    expect(written).toMatch(/^nothing found in \d+ objects of \d+ files/)
    expect(exit).toBe(0)
  })
})

test('the two Services of the seeds and their Deployment are not taken for each other', async () => {
  const files = ['hostname-svc-nodeport.yaml', 'svc.yaml', 'myapp-deployment.yaml']
  const [written] = await nodeport(
    ['check', ...files.flatMap((file) => ['-f', file])],
    'fixtures/seeds',
  )
  expect(written).toBe(
    'nothing found in 3 objects of 3 files (1 note hidden: --level note shows it)\n',
  )
})
