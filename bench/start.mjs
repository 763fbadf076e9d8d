// How long nodeport takes to start, beside an empty script: the CPU time of whole processes, since
// a machine that does other things as well stretches the time on the clock.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { medians, run } from './measure.mjs'

/** Starts that are timed together: the shell tells whole milliseconds. */
const together = 20

export function measureStart(rounds) {
  const folder = mkdtempSync(join(tmpdir(), 'nodeport-bench-'))
  try {
    const program = join(import.meta.dirname, '../bin/nodeport.js')
    const [empty, manifest] = [join(folder, 'empty.cjs'), join(folder, 'svc.yaml')]
    writeFileSync(empty, '')
    writeFileSync(manifest, service)
    const ledger = join(folder, 'ledger.json')
    const commands = [
      [empty],
      [program, 'version'],
      [program, 'apply', '--dry-run', '-f', manifest, '--ledger', ledger],
    ]
    const [nothing, version, dryRun] = medians(
      commands.map((words) => () => ({ cpu: cpuTime([process.execPath, ...words]) })),
      rounds,
    )
    return [
      { id: 'start-version', ours: version.cpu, theirs: nothing.cpu },
      { id: 'start-dry-run', ours: dryRun.cpu, theirs: nothing.cpu },
    ]
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const service = `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: NodePort
  selector:
    app: web
  ports:
  - name: http
    port: 80
`

/** Seconds of one start. */
function cpuTime(words) {
  const script = `for i in {1..${together}}; do "$@" >/dev/null; done; times`
  const { stdout } = run('bash', ['-c', script, 'bash', ...words])
  const [, children = ''] = stdout.trim().split('\n')
  const [user, system] = [...children.matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds),
  )
  return (user + system) / together
}
