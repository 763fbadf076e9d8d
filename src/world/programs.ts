import { type SpawnSyncReturns, spawnSync } from 'node:child_process'

/** What became of another program. */
export interface Ran {
  /** Nothing where there is no such program. */
  readonly code: number | undefined
  readonly stdout: string
  readonly stderr: string
}

/** Where administrators' programs are, which may be missing from the path of who is none. */
const folders = ['/usr/local/sbin', '/usr/sbin', '/sbin']

const deadline = 60_000

/** Runs another program to its end. */
export function runProgram(program: string, words: readonly string[], input = ''): Ran {
  const path = [process.env.PATH ?? '', ...folders].join(':')
  const ran: SpawnSyncReturns<string> = spawnSync(program, words, {
    input,
    encoding: 'utf8',
    timeout: deadline,
    maxBuffer: 1 << 29,
    env: { ...process.env, PATH: path, LC_ALL: 'C' },
  })
  const isMissing = ran.error !== undefined && 'code' in ran.error && ran.error.code === 'ENOENT'
  const code = isMissing ? undefined : (ran.status ?? 128)
  return { code, stdout: ran.stdout ?? '', stderr: ran.stderr ?? '' }
}
