// Measures all that is promised about speed, side by side with the tools that people use now:
//
//     npm run bench [-- PART…] [--rounds N] [--small] [--to FILE]
//
// The parts are start, documents and kernel. Prints a table, and writes bench/out/bench.json,
// which `npm run bench:report` turns into docs/performance.md. `--small` measures a tenth.

import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { measureDocuments, measureMemory } from './documents.mjs'
import { measureKernel } from './kernel.mjs'
import { print } from './measure.mjs'
import { cellsOf, titles } from './print.mjs'
import { measureStart } from './start.mjs'

const { values, positionals } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    small: { type: 'boolean', default: false },
    to: { type: 'string', default: 'bench/out/bench.json' },
  },
  allowPositionals: true,
})
const rounds = Number(values.rounds)
const share = values.small ? 0.1 : 1
const wanted = positionals.length === 0 ? ['start', 'documents', 'kernel'] : positionals
const sizes = [0.25, 0.5, 1].map((part) => part * share)

const parts = {
  start: () => measureStart(rounds),
  documents: async () => [
    ...(await atEverySize((size) => measureDocuments(10_000 * size, rounds))),
    ...memories(50_000),
  ],
  kernel: () =>
    atEverySize((size) => {
      const measured = measureKernel(5000 * size, rounds)
      kernel = measured.kernel
      return measured.rows
    }),
}
let kernel
const rows = []
for (const part of wanted) rows.push(...(await parts[part]()))
report(rows)

/** The largest counts; from all of them follows how time grows with size. */
async function atEverySize(measure) {
  const all = []
  for (const size of sizes) all.push(await measure(size))
  return all.at(-1).map((row) => {
    const ours = all.map((each) => each.find(({ id }) => id === row.id).ours)
    return { ...row, growth: slope(sizes, ours) }
  })
}

function memories(services) {
  const ours = sizes.map((size) => measureMemory(services * size))
  return [{ id: 'memory', ours: ours.at(-1), theirs: 1024, growth: slope(sizes, ours) }]
}

/** Of the line through the points, both axes logarithmic: 1 is linear, 2 is quadratic. */
function slope(sizes, values) {
  const points = sizes.map((size, index) => [Math.log(size), Math.log(values[index])])
  const mean = (axis) => points.reduce((sum, point) => sum + point[axis], 0) / points.length
  const [x, y] = [mean(0), mean(1)]
  const over = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0)
  return over / points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0)
}

function report(rows) {
  const machine = `${cpus().length} x ${cpus()[0].model}, node ${process.versions.node}`
  const shares = { machine, kernel, rounds, share }
  mkdirSync(dirname(values.to), { recursive: true })
  writeFileSync(values.to, `${JSON.stringify({ ...shares, rows }, undefined, 2)}\n`)
  print([titles, ...rows.map(cellsOf)])
}
