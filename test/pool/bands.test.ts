import { describe, expect, test } from '@jest/globals'
import type { PortRange } from '../../src/address/port.ts'
import { bandsOf, draw, release, strike } from '../../src/pool/bands.ts'
import { hashOf } from '../../src/pool/hash.ts'
import { freeNodePorts, nodePortBands, nodePortPool } from '../../src/pool/node-port-pool.ts'
import { drawFor } from '../../src/pool/pool.ts'

describe('the static band of node ports', () => {
  test.each([
    [10, 0],
    [16, 0],
    [17, 16],
    [128, 16],
    [129, 16],
    [201, 16],
    [2048, 64],
    [2768, 86],
    [4096, 128],
    [8192, 128],
  ])('of %i has %i', (size, count) => {
    const { static: fixed, dynamic } = nodePortBands({ first: 30000, last: 30000 + size - 1 })
    expect(fixed).toEqual(count === 0 ? undefined : { first: 30000, last: 30000 + count - 1 })
    expect(dynamic).toEqual({ first: 30000 + count, last: 30000 + size - 1 })
  })
})

describe('numbers are drawn', () => {
  test('from the dynamic band, and only then from the static one', () => {
    const drawn = drawAll({ first: 30000, last: 30128 })
    expect(sorted(drawn.slice(0, 113))).toEqual(numbers(30016, 30128))
    expect(sorted(drawn.slice(113))).toEqual(numbers(30000, 30015))
  })

  test('until there are none', () => {
    expect(sorted(drawAll({ first: 10000, last: 10200 }))).toEqual(numbers(10000, 10200))
  })

  test('around the end of their band', () => {
    const bands = bandsOf(0, 9, 0)
    for (const number of numbers(0, 9)) if (number !== 4) strike(bands, number)
    expect(draw(bands, 'any')).toBe(4)
    expect(draw(bands, 'any')).toBeUndefined()
  })

  test('from those given up when nothing else is left', () => {
    const bands = bandsOf(10000, 10200, 16)
    release(bands, 10105)
    const drawn = Array.from({ length: 201 }, (_, index) => draw(bands, `n${index}`))
    expect(drawn.indexOf(10105)).toBe(200)
    expect(draw(bands, 'any')).toBeUndefined()
  })

  test('and one given up may be wished for', () => {
    const bands = bandsOf(0, 0, 0)
    release(bands, 0)
    strike(bands, 0)
    expect(draw(bands, 'any')).toBeUndefined()
  })

  test('not from a range without numbers', () => {
    expect(drawAll({ first: 5, last: 4 })).toEqual([])
  })
})

test('a suggestion is what the pool would give, and is made once', () => {
  const range = { first: 30000, last: 30003 }
  const reserved = [{ first: 30001, last: 30001 }]
  const suggest = freeNodePorts([30000, 30003], range, reserved)
  expect(suggest('default/web/http')).toBe(30002)
  expect(suggest('default/web/http')).toBeUndefined()
})

// Whoever lives without a ledger relies on these: they never change.
test.each([
  ['', 2872998923],
  ['default/web', 1611262052],
  ['default/web/http', 2890260447],
])('"%s" hashes to %i for ever', (name, hash) => {
  expect(hashOf(name)).toBe(hash)
})

test('hashes of neighbours lie far apart', () => {
  const slots = new Set(Array.from({ length: 500 }, (_, n) => hashOf(`default/web-${n}/`) % 2682))
  // 500 throws at 2682 slots hit 456 of them on average.
  expect(slots.size).toBeGreaterThan(435)
})

function drawAll(range: PortRange): number[] {
  const pool = nodePortPool(range, [])
  const drawn: number[] = []
  for (let number = drawFor(pool, 'n0'); number !== undefined; ) {
    drawn.push(number)
    number = drawFor(pool, `n${drawn.length}`)
  }
  return drawn
}

function numbers(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

function sorted(list: readonly number[]): number[] {
  return [...list].sort((a, b) => a - b)
}
