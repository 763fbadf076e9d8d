// How fast a table goes into the kernel and out of it, beside ipvsadm and beside a C program that
// sends the same messages as we do. It runs in the lab, since it fills tables; inside.ts is the part
// that runs there.

import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { buildSync } from 'esbuild'
import { manifestsOf } from './manifests.mjs'
import { run } from './measure.mjs'

/** The lab sees this tree and nothing else. */
const folder = resolve('dist/bench')

/** A quarter of the Services has a node port, so so many make 5/4 as many virtual servers. */
export function measureKernel(virtualServers, rounds) {
  mkdirSync(folder, { recursive: true })
  const floor = join(folder, 'floor')
  run('gcc', ['-O2', '-static', '-o', floor, 'bench/floor.c'])
  const inside = join(folder, 'inside.cjs')
  buildSync({
    entryPoints: ['bench/inside.ts'],
    outfile: inside,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['netlink'],
  })
  const services = Math.round((virtualServers * 4) / 5)
  const manifests = manifestsOf(services, 10, { folder: join(folder, 'none') })
  const oneMoved = manifestsOf(services, 10, { folder: join(folder, 'one'), moved: 1 })
  const eachMoved = manifestsOf(services, 10, { folder: join(folder, 'each'), moved: services })
  const files = join(folder, 'files.json')
  try {
    const nodeport = resolve('bin/nodeport.js')
    const paths = { manifests, oneMoved, eachMoved }
    const lists = Object.entries(paths).map(([name, { writeJSON }]) => [name, writeJSON()])
    writeFileSync(files, JSON.stringify({ nodeport, floor, ...Object.fromEntries(lists) }))
    const words = ['run', '--silent', 'lab', '--', 'node', inside, 'measure', files, String(rounds)]
    environment ??= kernelToMeasure()
    return JSON.parse(run('npm', words, environment).stdout)
  } finally {
    for (const made of [manifests, oneMoved, eachMoved]) made.remove()
    rmSync(files, { force: true })
  }
}

/** Found once, for every size. */
let environment

/** The newest User-Mode Linux where it can be had, else the one that the lab usually has. */
function kernelToMeasure() {
  const { status, stdout, stderr } = spawnSync('sh', ['bench/fetch-kernel'], { encoding: 'utf8' })
  if (status !== 0) {
    process.stderr.write(`${stderr}the lab's usual kernel stands in, whose system calls are slow\n`)
    return {}
  }
  const folder = stdout.trim()
  return {
    NODEPORT_LAB_KERNEL: join(folder, 'linux'),
    NODEPORT_LAB_MODULES: join(folder, 'modules'),
  }
}
