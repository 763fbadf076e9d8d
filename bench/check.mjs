// How long `nodeport check` takes for 10,000 Services and 10,000 EndpointSlices, beside js-yaml's
// loadAll, which only parses them, and beside kubectl, which parses and decodes them:
//
//     npm run bench:check [-- SERVICES [ROUNDS]]
//
// Every run is a process of its own, from its start to its end, measured by GNU time. kubectl takes
// part where it is installed; it asks a server for the kinds there are, which `api-server.mjs`
// answers. The figures are medians over the rounds.

import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeManifests } from './manifests.mjs'
import { medians, print, run } from './measure.mjs'

const [services = '10000', rounds = '5'] = process.argv.slice(2)
const here = import.meta.dirname
const files = writeManifests(Number(services))
const home = mkdtempSync(join(tmpdir(), 'nodeport-bench-home-'))
const server = spawn(process.execPath, [join(here, 'api-server.mjs')])
try {
  const address = await firstLineOf(server)
  const programs = [
    ['nodeport check', process.execPath, join(here, '../bin/nodeport.js'), 'check', '-f'],
    ['js-yaml loadAll', process.execPath, join(here, 'read-once.mjs'), 'js-yaml'],
    ...(spawnSync('kubectl', ['version', '--client']).status === 0 ? [kubectl(address)] : []),
  ]
  const medianOf = medians(
    programs.map(
      ([, program, ...args]) =>
        () =>
          timed(program, [...args, files.yaml]),
    ),
    Number(rounds),
  )
  const [ours] = medianOf
  const rows = programs.map(([name], index) => {
    const { cpu, elapsed, memory } = medianOf[index]
    return [
      name,
      `${elapsed.toFixed(2)} s`,
      `${(elapsed / ours.elapsed).toFixed(2)} x`,
      `${cpu.toFixed(2)} s`,
      `${(cpu / ours.cpu).toFixed(2)} x`,
      `${memory.toFixed(0)} MB`,
    ]
  })
  process.stdout.write(`${(statSync(files.yaml).size / 1e6).toFixed(1)} MB of YAML\n`)
  print([['program', 'elapsed', '', 'CPU time', '', 'peak memory'], ...rows])
} finally {
  server.kill()
  files.remove()
  rmSync(home, { recursive: true })
}

function kubectl(address) {
  const create = ['create', '--dry-run=client', '--validate=false', '-o', 'name']
  const cache = ['--cache-dir', join(home, 'cache')]
  return [
    `kubectl ${create.slice(0, 3).join(' ')}`,
    'kubectl',
    '-s',
    address,
    ...cache,
    ...create,
    '-f',
  ]
}

/** One run to its end, and what all of the process took. */
function timed(program, args) {
  const { stderr } = run('/usr/bin/time', ['-f', 'took %e %U %S %M', program, ...args])
  const [, elapsed, user, system, memory] = /took (\S+) (\S+) (\S+) (\S+)/.exec(stderr).map(Number)
  return { elapsed, cpu: user + system, memory: memory / 1024 }
}

async function firstLineOf({ stdout }) {
  for await (const chunk of stdout) return String(chunk).trim()
}
