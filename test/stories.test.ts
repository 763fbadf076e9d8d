import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { expectedIn, foldersIn, retype } from './support/console.ts'

// A story is a folder with manifests and a console session about them. Everything in a session is
// typed again, and must come out as it stands there. `UPDATE=1 npm test` writes the answers down.

const root = 'fixtures/stories'

test.each(foldersIn(root))('%s', async (name) => {
  const folder = join(root, name)
  const path = join(folder, 'session.txt')
  const typed = await retype(readFileSync(path, 'utf8'), folder)
  expect(typed).toBe(expectedIn(path, typed))
})
