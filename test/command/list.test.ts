import { describe, expect, test } from '@jest/globals'
import { run, type Written } from '../support/console.ts'
import {
  askedFor,
  cases,
  conflicts,
  differences,
  isRefused,
  linesOf,
  recorded,
  situation,
  textOf,
  unfinished,
} from '../support/recorded-kube-proxy.ts'

// The program itself, beside the kube-proxy that it takes over from: what `nodeport list` prints is
// what `ipvsadm -Ln` printed there, byte for byte.

const possible = cases.filter(([name]) => !unfinished.includes(name) && !(name in conflicts))
const wanted = possible.filter(([name, state]) => !isRefused(situation(name, state).config))

describe('nodeport list prints what ipvsadm -Ln printed on a node of kube-proxy', () => {
  const same = wanted.filter(([name]) => differences[name] === undefined)

  test.each(same)('%s%s', async (name, state) => {
    const { out, exit } = await list(name, state)
    expect(out).toBe(textOf(name, 'Ln', state, 'txt'))
    expect(exit).toBe(0)
  })
})

describe('or the same rules, but for what is known to differ', () => {
  const others = wanted.filter(([name]) => differences[name] !== undefined)

  test.each(others)('%s%s', async (name, state) => {
    const { out } = await list(name, state, '-o', 'rules')
    const expected = differences[name]?.instead(recorded(name, state)) ?? []
    expect(linesOf(out).sort()).toEqual([...expected].sort())
  })
})

describe('and nothing where kube-proxy would not start', () => {
  const refused = possible.filter(([name, state]) => isRefused(situation(name, state).config))

  test.each(refused)('%s%s', async (name, state) => {
    expect(recorded(name, state)).toEqual([])
    expect(await list(name, state)).toMatchObject({ out: '', exit: 1 })
  })
})

test.each(Object.entries(conflicts))('nor where Services are at odds: %s', async (name, code) => {
  const { out, err, exit } = await list(name, '')
  expect({ out, exit }).toEqual({ out: '', exit: 1 })
  expect(err).toContain(`error[${code}]`)
})

async function list(name: string, state: string, ...more: readonly string[]): Promise<Written> {
  const { words, stdin } = askedFor(name, state)
  return await run(['list', ...words, ...more], '.', stdin)
}
