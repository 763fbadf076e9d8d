import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { changesBetween } from '../../src/table/change.ts'
import { type Kernel, openKernel } from '../../src/world/kernel.ts'
import { openNetlink } from '../../src/world/netlink.ts'

/** What a function has at hand that runs in the lab: it sees nothing of the file it is written in. */
export const inside = { openKernel, openNetlink, changesBetween, ipvsadm }
export type Inside = typeof inside
export type { Kernel }

/** The judge: what ipvsadm prints, or does with the rules that it is given. */
function ipvsadm(words: readonly string[], stdin = ''): string {
  return execFileSync('ipvsadm', words, { input: stdin, encoding: 'utf8', maxBuffer: 1 << 28 })
}

async function main(): Promise<void> {
  const { source, input } = JSON.parse(readFileSync(0, 'utf8'))
  // biome-ignore lint/security/noGlobalEval: this is what the program is for
  const run: (tools: Inside, input: unknown) => Promise<unknown> = globalThis.eval(`(${source})`)
  const result = await run(inside, input)
  process.stdout.write(JSON.stringify(result ?? null, bigintsAsNumbers))
}

function bigintsAsNumbers(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value
}

if (process.argv[2] === 'run') void main()
