// How long it takes to read 10,000 Services and 10,000 EndpointSlices, beside the parsers that
// people would use: js-yaml's loadAll for YAML and JSON.parse for JSON, which only parse, while
// nodeport also looks for repeated keys and disputed values and knows every place.
//
//     npm run bench:read [-- SERVICES [ROUNDS]]
//
// Every reading is a process of its own. The readers take turns, so that a machine whose speed
// drifts is unjust to none; the figures are medians over the rounds.

import { statSync } from 'node:fs'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { writeManifests } from './manifests.mjs'
import { medians, print, run } from './measure.mjs'

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
  const medianOf = medians(
    readers.map(
      ({ reader, file }) =>
        () =>
          readOnce(reader, file),
    ),
    Number(rounds),
  )
  const rows = readers.map(({ name, file, peer }, index) => [
    name,
    `${(statSync(file).size / 1e6).toFixed(1)} MB`,
    `${medianOf[index].cpu.toFixed(2)} s`,
    `${(medianOf[index].cpu / medianOf[peer].cpu).toFixed(2)} x`,
    `${medianOf[index].memory.toFixed(0)} MB`,
    `${(medianOf[index].memory / medianOf[peer].memory).toFixed(2)} x`,
  ])
  print([['reader', 'text', 'CPU time', '', 'peak memory', ''], ...rows])
} finally {
  files.remove()
}

/** One reading in a process of its own, whose environment loads nothing else. */
function readOnce(reader, file) {
  const child = join(import.meta.dirname, 'read-once.mjs')
  return JSON.parse(run(process.execPath, [child, reader, file]).stdout)
}
