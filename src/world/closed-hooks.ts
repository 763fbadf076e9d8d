import { readClosedChains, readClosedHooks } from '../terrain/closed-hooks.ts'
import type { ClosedHook } from '../terrain/examination.ts'
import { runProgram } from './programs.ts'

/** Where a firewall drops what nobody has let in, whoever wrote its rules. */
export function closedHooks(): readonly ClosedHook[] {
  const listed = runProgram('nft', ['-j', 'list', 'ruleset'])
  const old = (['iptables', 'ip6tables'] as const).flatMap((by) => {
    const { code, stdout } = runProgram(`${by}-legacy-save`, ['-t', 'filter'])
    return code === 0 ? readClosedChains(by, stdout) : []
  })
  return [...(listed.code === 0 ? readClosedHooks(listed.stdout) : []), ...old]
}
