import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nodeport-kept-'))
  for (const part of ['bin', 'dist']) {
    mkdirSync(join(folder, part))
    for (const name of readdirSync(part)) {
      if (/^nodeport\.([\w-]+\.)?c?js$/.test(name) || name === 'package.json') {
        copyFileSync(join(part, name), join(folder, part, name))
      }
    }
  }
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Much is done under other settings of V8, and what it makes then is to be kept all the same. */
test.each([
  ['little', 1],
  ['much', 12_000],
])('what V8 made of the program is kept after %s was done, and taken again', (_, services) => {
  const file = join(folder, `${services}.yaml`)
  writeFileSync(file, manifestOf(services))
  for (const name of kept()) rmSync(join(folder, 'dist', name.file))
  list(file)
  const first = kept()
  expect(first.map(({ file: name }) => name)).toContain('nodeport.cjs.list.cache')
  list(file)
  expect(kept()).toEqual(first)
})

function list(file: string): void {
  const words = [join(folder, 'bin/nodeport.js'), 'list', '--node-ip', '192.0.2.1', '-f', file]
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
