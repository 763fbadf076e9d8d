import { Script } from 'node:vm'
import { expect, test } from '@jest/globals'
import { expectMuch, expectTheUsual } from '../../src/world/much.ts'
import { realWorld } from '../../src/world/real-world.ts'

const noStream = { write: () => true, on: () => undefined }
const world = realWorld({
  cwd: () => '/',
  env: {},
  pid: process.pid,
  uid: 1,
  stdin: () => Buffer.from(''),
  stdout: noStream,
  stderr: noStream,
})

const isNode20 = process.versions.node.startsWith('20.')
const cachedData = new Script('1').createCachedData()

let asked = 0

/** V8 takes what it made again under the same settings alone; a script of the same name it knows anyway. */
function isAsUsual(): boolean {
  asked += 1
  return new Script('1', { cachedData, filename: `${asked}.js` }).cachedDataRejected === false
}

test('V8 is told of much to be done, until that is over or somebody stays', async () => {
  expectMuch()
  expect(isAsUsual()).toBe(!isNode20)
  expectTheUsual()
  expect(isAsUsual()).toBe(true)
  expectMuch()
  await world.sleep(1)
  expect(isAsUsual()).toBe(true)
  expectMuch()
  expect(isAsUsual()).toBe(true)
})
