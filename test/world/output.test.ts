import { execFileSync } from 'node:child_process'
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { outputTo } from '../../src/world/output.ts'

describe('what is written', () => {
  test('arrives whole and in order, without a stream', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'output-')), 'out')
    const descriptor = openSync(file, 'w')
    const output = outputTo(descriptor, noStream)
    const long = 'Gemüse 🥬\n'.repeat(300_000)
    output.write(long)
    output.write('end\n')
    expect(output.isTTY).toBe(false)
    closeSync(descriptor)
    expect(readFileSync(file, 'utf8') === `${long}end\n`).toBe(true)
  })

  test('arrives whole where a pipe is full and a stream writes the rest later', () => {
    const pipe = join(mkdtempSync(join(tmpdir(), 'output-')), 'pipe')
    execFileSync('mkfifo', [pipe])
    const descriptor = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK)
    const later: Uint8Array[] = []
    const stream = { write: (bytes: Uint8Array) => later.push(bytes), on: () => {} }
    const output = outputTo(descriptor, () => stream)
    const long = Array.from({ length: 60_000 }, (_, line) => `${line} 🥬\n`).join('')
    output.write(long)
    output.write('end\n')
    const taken = Buffer.alloc(1 << 20)
    const length = readSync(descriptor, taken)
    closeSync(descriptor)
    expect(later.length).toBeGreaterThan(2)
    const arrived = Buffer.concat([taken.subarray(0, length), ...later]).toString()
    expect(arrived === `${long}end\n`).toBe(true)
  })

  test('is told of where it cannot be', () => {
    const descriptor = openSync('/dev/full', 'w')
    const errors: unknown[] = []
    const output = outputTo(descriptor, noStream)
    output.on('error', (error) => errors.push(error))
    output.write('more\n')
    closeSync(descriptor)
    expect(errors).toMatchObject([{ code: 'ENOSPC' }])
  })
})

describe('the built program', () => {
  // V8 compiles such a text from its bytes; with one other letter, all of it would have to be turned.
  const files = readdirSync('dist').filter((name) => /^nodeport\..*cjs$/.test(name))
  test.each(files)('%s is ASCII', (file) => {
    expect(readFileSync(`dist/${file}`).some((byte) => byte > 127)).toBe(false)
  })
})

function noStream(): never {
  throw new Error('a stream is made')
}
