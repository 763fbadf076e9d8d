import { expect, test } from '@jest/globals'
import { everyComplaint } from '../../src/object/complaints.ts'

test('no two kinds of fault share a code', () => {
  const codes = everyComplaint.map(({ code }) => code)
  expect(new Set(codes).size).toBe(codes.length)
})

test('every kind of fault says in a line what it asks for', () => {
  for (const { summary } of everyComplaint) expect(summary).toMatch(/^\S.{10,}[^.]$/)
})
