// How long it takes to check and to compile Services and as many EndpointSlices, beside those who
// only parse the same text (js-yaml's loadAll, JSON.parse) and beside kubectl, which parses and
// decodes it. Every run is a process of its own, from its start to its end, measured by GNU time.

import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { manifestsOf } from './manifests.mjs'
import { medians, run } from './measure.mjs'

const here = import.meta.dirname
const nodeport = [process.execPath, join(here, '../bin/nodeport.js')]
const list = [...nodeport, 'list', '--node-ip', '192.0.2.1']

export async function measureDocuments(services, rounds) {
  const files = manifestsOf(services)
  const home = mkdtempSync(join(tmpdir(), 'nodeport-bench-home-'))
  const server = spawn(process.execPath, [join(here, 'api-server.mjs')])
  try {
    const address = await firstLineOf(server)
    const [yaml, json] = [files.writeYAML(), files.writeJSON()]
    const commands = {
      check: [...nodeport, 'check', '-f', yaml],
      compile: [...list, '-f', yaml],
      'js-yaml': parser('js-yaml', yaml),
      json: [...list, '-f', json],
      'JSON.parse': parser('JSON.parse', json),
      ...(hasKubectl() ? { kubectl: kubectl(address, home, yaml) } : {}),
    }
    const names = Object.keys(commands)
    const found = medians(
      names.map((name) => () => timed(commands[name])),
      rounds,
    )
    const of = Object.fromEntries(names.map((name, index) => [name, found[index]]))
    const beside = (id, ours, theirs, what) => ({ id, ours: ours[what], theirs: theirs[what] })
    return [
      beside('check', of.check, of['js-yaml'], 'cpu'),
      beside('compile', of.compile, of['js-yaml'], 'cpu'),
      beside('check-memory', of.check, of['js-yaml'], 'memory'),
      beside('compile-memory', of.compile, of['js-yaml'], 'memory'),
      ...(of.kubectl === undefined ? [] : [beside('check-kubectl', of.check, of.kubectl, 'cpu')]),
      beside('compile-json', of.json, of['JSON.parse'], 'cpu'),
    ]
  } finally {
    server.kill()
    files.remove()
    rmSync(home, { recursive: true })
  }
}

/** What a compile of many Services with 20 endpoints each takes at most, in megabytes. */
export function measureMemory(services) {
  const files = manifestsOf(services, 20, { bare: true })
  try {
    return timed([...list, '-o', 'rules', '-f', files.writeYAML()]).memory
  } finally {
    files.remove()
  }
}

function parser(name, file) {
  return [process.execPath, join(here, 'parse.mjs'), name, file]
}

function hasKubectl() {
  return spawnSync('kubectl', ['version', '--client']).status === 0
}

function kubectl(address, home, file) {
  const connection = ['-s', address, '--cache-dir', join(home, 'cache')]
  const create = ['create', '--dry-run=client', '--validate=false', '-o', 'name']
  return ['kubectl', ...connection, ...create, '-f', file]
}

/** One run to its end: seconds of CPU time and megabytes of memory. */
function timed(words) {
  const { stderr } = run('/usr/bin/time', ['-f', 'took %U %S %M', ...words])
  const [, user, system, memory] = /took (\S+) (\S+) (\S+)\n$/.exec(stderr).map(Number)
  return { cpu: user + system, memory: memory / 1024 }
}

async function firstLineOf({ stdout }) {
  for await (const chunk of stdout) return String(chunk).trim()
}
