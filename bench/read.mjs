// How long it takes to read 10,000 Services and 10,000 EndpointSlices, beside the parsers that
// people would use: js-yaml's loadAll for YAML and JSON.parse for JSON, which only parse, while
// nodeport also looks for repeated keys and disputed values and knows every place.
//
//     npm run bench:read [-- SERVICES [ROUNDS]]
//
// Every reading is a process of its own. The readers take turns, so that a machine whose speed
// drifts is unjust to none; the figures are medians over the rounds.

import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { writeManifests } from './manifests.mjs'

const [services = '10000', rounds = '5'] = process.argv.slice(2)
const files = writeManifests(Number(services))
try {
  const bundle = join(files.folder, 'read.cjs')
  buildSync({
    entryPoints: ['src/manifest/read.ts'],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
  })
  const readers = [
    { name: 'nodeport, documents of YAML', reader: bundle, file: files.yaml, peer: 1 },
    { name: 'js-yaml loadAll', reader: 'js-yaml', file: files.yaml, peer: 1 },
    { name: 'nodeport, a List in YAML', reader: bundle, file: files.yamlList, peer: 3 },
    { name: 'js-yaml loadAll', reader: 'js-yaml', file: files.yamlList, peer: 3 },
    { name: 'nodeport, a List in JSON', reader: bundle, file: files.jsonList, peer: 5 },
    { name: 'JSON.parse', reader: 'JSON.parse', file: files.jsonList, peer: 5 },
  ]
  const runs = readers.map(() => [])
  for (let round = 0; round < Number(rounds); round++) {
    for (const [index, { reader, file }] of readers.entries()) runs[index].push(run(reader, file))
  }
  const medians = runs.map((each) => ({
    cpu: median(each.map(({ cpu }) => cpu)),
    memory: median(each.map(({ memory }) => memory)),
  }))
  const rows = readers.map(({ name, file, peer }, index) => [
    name,
    `${(statSync(file).size / 1e6).toFixed(1)} MB`,
    `${medians[index].cpu.toFixed(2)} s`,
    `${(medians[index].cpu / medians[peer].cpu).toFixed(2)} x`,
    `${medians[index].memory.toFixed(0)} MB`,
    `${(medians[index].memory / medians[peer].memory).toFixed(2)} x`,
  ])
  print([['reader', 'text', 'CPU time', '', 'peak memory', ''], ...rows])
} finally {
  files.remove()
}

/** One reading in a process of its own, whose environment loads nothing else. */
function run(reader, file) {
  const { NODE_EXTRA_CA_CERTS: _, NODE_OPTIONS: __, ...env } = process.env
  const child = join(import.meta.dirname, 'read-once.mjs')
  const { stdout, stderr } = spawnSync(process.execPath, [child, reader, file], {
    env,
    encoding: 'utf8',
  })
  if (stdout === '') throw new Error(stderr)
  return JSON.parse(stdout)
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1]
}

function print(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  for (const row of rows) {
    const cells = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]),
    )
    process.stdout.write(`${cells.join('  ').trimEnd()}\n`)
  }
}
