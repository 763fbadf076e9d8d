import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, readlinkSync } from 'node:fs'
import { changesBetween } from '../../src/table/change.ts'
import { type Kernel, openKernel, type Transports } from '../../src/world/kernel.ts'
import { runInNamespace } from '../../src/world/namespace.ts'
import { openNetlink } from '../../src/world/netlink.ts'
import { reasonOf } from '../../src/world/refusal.ts'
import { LostAnswers } from '../../src/world/transport.ts'
import { type World, WorldError } from '../../src/world/world.ts'
import { largeTable } from '../support/large-table.ts'

/** What a function has at hand that runs in the lab: it sees nothing of the file it is written in. */
export const inside = {
  openKernel,
  openNetlink,
  LostAnswers,
  changesBetween,
  reasonOf,
  largeTable,
  ipvsadm,
  countedTransports,
  troubleOf,
  commandOutput,
}
export type Inside = typeof inside
export type { Kernel, World }

/** The judge: what ipvsadm prints, or does with the rules that it is given. */
function ipvsadm(words: readonly string[], stdin = ''): string {
  return execFileSync('ipvsadm', words, { input: stdin, encoding: 'utf8', maxBuffer: 1 << 28 })
}

/** What a command prints, however it ends. */
function commandOutput(program: string, words: readonly string[]): string {
  return spawnSync(program, words, { encoding: 'utf8' }).stdout
}

/** The usual ways to the kernel, which count how often they are gone. */
function countedTransports(): { transports: Transports; count: () => number } {
  let exchanges = 0
  const counted = (datagram: number) => {
    const transport = openNetlink({ datagram })
    const exchange: typeof transport.exchange = (...all) => {
      exchanges += 1
      return transport.exchange(...all)
    }
    return { ...transport, exchange }
  }
  const transports = { usual: counted(8192), wide: counted(32768) }
  return { transports, count: () => exchanges }
}

/** How the world refuses. */
async function troubleOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
    return 'none'
  } catch (error) {
    return error instanceof WorldError ? `${error.message}; ${error.help}` : `bug: ${error}`
  }
}

async function main([task, wish = '']: readonly string[]): Promise<void> {
  if (task === 'run') await runFunction()
  if (task === 'where') process.stdout.write(readlinkSync('/proc/self/ns/net'))
  if (task === 'enter') {
    const trouble = await troubleOf(
      runInNamespace(wish, ['where'], process).then((code) => {
        process.exitCode = code
      }),
    )
    if (trouble !== 'none') process.stderr.write(trouble)
  }
}

async function runFunction(): Promise<void> {
  const { source, input } = JSON.parse(readFileSync(0, 'utf8'))
  // biome-ignore lint/security/noGlobalEval: this is what the program is for
  const run: (tools: Inside, input: unknown) => Promise<unknown> = globalThis.eval(`(${source})`)
  const result = await run(inside, input)
  process.stdout.write(JSON.stringify(result ?? null, bigintsAsNumbers))
}

function bigintsAsNumbers(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value
}

void main(process.argv.slice(2))
