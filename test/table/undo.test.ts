import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { changesBetween } from '../../src/table/change.ts'
import { undoOf } from '../../src/table/undo.ts'
import { canonical } from '../support/canonical.ts'
import { ModelKernel } from '../support/model-kernel.ts'
import { anyTable, ip, realServerWith, serverWith } from '../support/tables.ts'

test('changes that were made are taken back, wherever they broke off', () => {
  fc.assert(
    fc.property(anyTable, anyTable, fc.nat(100), (before, after, percent) => {
      const changes = changesBetween(before, after)
      const made = changes.slice(0, Math.round((changes.length * percent) / 100))
      const kernel = new ModelKernel(before)
      for (const change of made) kernel.perform(change)
      for (const change of undoOf(made, before)) kernel.perform(change)
      expect(canonical(kernel.table())).toEqual(canonical(before))
    }),
    { numRuns: 500 },
  )
})

test('the real servers of a virtual server that was deleted come back in their order', () => {
  const realServers = ['10.0.0.3', '10.0.0.1', '10.0.0.2'].map((address) =>
    realServerWith({ address: ip(address) }),
  )
  const before = [serverWith({ realServers })]
  const made = changesBetween(before, [])
  const kernel = new ModelKernel([])
  for (const change of undoOf(made, before)) kernel.perform(change)
  expect(kernel.table()).toEqual(before)
})
