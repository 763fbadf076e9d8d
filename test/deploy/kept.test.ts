import { execFileSync } from 'node:child_process'
import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { copyProgram } from '../support/program-copy.ts'

const { folder, program, remove } = copyProgram()
afterAll(remove)

/** Much is done under other settings of V8, and what it makes then is to be kept all the same. */
test.each([
  ['little', 1],
  ['much', 12_000],
])('what V8 made of the program is kept after %s was done, and taken again', (_, services) => {
  const file = join(folder, `${services}.yaml`)
  writeFileSync(file, manifestOf(services))
  for (const { file: name } of kept()) rmSync(join(folder, 'dist', name))
  list(file)
  const first = kept()
  expect(first.map(({ file: name }) => name)).toContain('nodeport.cjs.list.cache')
  list(file)
  expect(kept()).toEqual(first)
})

function list(file: string): void {
  const words = [program, 'list', '--node-ip', '192.0.2.1', '-f', file]
  execFileSync(process.execPath, words, { stdio: ['ignore', 'ignore', 'inherit'] })
}

function kept() {
  return readdirSync(join(folder, 'dist'))
    .filter((name) => name.endsWith('.cache'))
    .map((file) => ({ file, inode: statSync(join(folder, 'dist', file)).ino }))
}

/** More than a megabyte where there are thousands. */
function manifestOf(services: number): string {
  const documents = Array.from(
    { length: services },
    (_, index) => `apiVersion: v1
kind: Service
metadata:
  name: web-${index}
spec:
  clusterIP: 10.97.${Math.floor(index / 250)}.${(index % 250) + 1}
  ports:
  - port: 80
`,
  )
  return documents.join('---\n')
}
