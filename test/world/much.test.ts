import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Script } from 'node:vm'
import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals'

// Whether V8 is told of much is kept by modules, so that each test loads them anew.

type Much = typeof import('../../src/world/much.ts')
let much: Much
beforeEach(async () => {
  jest.resetModules()
  much = await import('../../src/world/much.ts')
})
afterEach(() => much.expectTheUsual())

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nodeport-much-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function world() {
  const { realWorld } = await import('../../src/world/real-world.ts')
  const stream = { write: () => true, on: () => undefined }
  return realWorld({
    ...{ cwd: () => folder, env: {}, pid: process.pid, uid: 1 },
    ...{ stdin: () => Buffer.from(''), stdout: stream, stderr: stream },
  })
}

const isNode20 = process.versions.node.startsWith('20.')
const cachedData = new Script('1').createCachedData()
let asked = 0

/** V8 takes what it made again under the same settings alone; a script of the same name it knows anyway. */
function isAsUsual(): boolean {
  asked += 1
  return new Script('1', { cachedData, filename: `${asked}.js` }).cachedDataRejected === false
}

test('V8 is told of much to be done, until that is over', () => {
  much.expectMuch()
  expect(isAsUsual()).toBe(!isNode20)
  much.expectTheUsual()
  expect(isAsUsual()).toBe(true)
})

test('or until somebody stays, and then no more', async () => {
  much.expectMuch()
  await (await world()).sleep(1)
  expect(isAsUsual()).toBe(true)
  much.expectMuch()
  expect(isAsUsual()).toBe(true)
})

const comment = (letters: number) => `#${'-'.repeat(letters)}\n`

test.each([
  ['a megabyte in one file', [1 << 20], isNode20],
  ['as much in many files', new Array<number>(100).fill(11_000), isNode20],
  ['less', [1 << 19, 1 << 18], false],
])('%s', async (name, lengths, isMuch) => {
  mkdirSync(join(folder, name))
  for (const [index, length] of lengths.entries()) {
    writeFileSync(join(folder, name, `${index}.yaml`), comment(length))
  }
  ;(await world()).readSources([name], false)
  expect(isAsUsual()).toBe(!isMuch)
})

test('as much out of a pipe', async () => {
  const [file, pipe] = [join(folder, 'file'), join(folder, 'pipe')]
  writeFileSync(file, comment(1 << 20))
  execFileSync('mkfifo', [pipe])
  const writer = spawn('cp', [file, pipe], { stdio: 'ignore' })
  const [source] = (await world()).readSources([pipe], false)
  expect(source?.text).toHaveLength((1 << 20) + 2)
  expect(isAsUsual()).toBe(!isNode20)
  await new Promise((done) => writer.once('exit', done))
})
