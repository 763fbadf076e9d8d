import { type OldFirewall, readChains } from '../terrain/iptables.ts'
import { printTableText, readTableText, tableName } from '../terrain/nftables.ts'
import { emptySets } from '../terrain/sets.ts'
import type { LiveRules, RulesStep } from '../terrain/steps.ts'
import { type Ran, runProgram } from './programs.ts'
import { WorldError } from './world.ts'

// Rules are given to the programs that everybody uses for them: nft, or iptables where the kernel
// has no nftables, or not enough of it.

/** What of ours the firewall holds, in whichever way this kernel has one. */
export function readRules(): LiveRules {
  const listed = runProgram('nft', ['-j', 'list', 'table', 'inet', tableName])
  if (listed.code === 0) {
    const read = readTableText(listed.stdout)
    return {
      by: 'nftables',
      sets: read?.sets,
      isIntact: read?.isIntact === true,
      changed: read?.changed,
    }
  }
  // Would it take our rules? Nothing comes of asking.
  const tried = runProgram('nft', ['-c', '-f', '-'], printTableText(emptySets()))
  if (tried.code === 0) return { by: 'nftables', sets: undefined, isIntact: false }
  if (isForbidden(tried)) throw notRoot()
  const chains = { iptables: readOld('iptables'), ip6tables: readOld('ip6tables') }
  if (chains.iptables === undefined || chains.ip6tables === undefined) {
    throw new WorldError('there is nothing to masquerade with: neither nftables nor iptables', {
      help:
        tried.code === undefined
          ? 'install nftables: apt-get install nftables; or say --rules-only'
          : 'load its modules: modprobe -a nf_tables nft_masq nft_ct; or say --rules-only',
    })
  }
  return { by: 'iptables', chains: { iptables: chains.iptables, ip6tables: chains.ip6tables } }
}

/** Gives rules to whoever they are for. */
export function performRules({ by, text }: Pick<RulesStep, 'by' | 'text'>): void {
  const ran =
    by === 'nftables'
      ? runProgram('nft', ['-f', '-'], text)
      : runProgram(`${by}-legacy-restore`, ['--noflush'], text)
  if (ran.code === 0) return
  if (isForbidden(ran)) throw notRoot()
  const [reason = 'no reason given'] = ran.stderr.split('\n')
  throw new WorldError(`${by} does not take our rules: ${reason}`)
}

function readOld(by: OldFirewall): ReturnType<typeof readChains> | undefined {
  const nat = runProgram(`${by}-legacy-save`, ['-t', 'nat'])
  const filter = runProgram(`${by}-legacy-save`, ['-t', 'filter'])
  if (nat.code !== 0 || filter.code !== 0) return undefined
  return readChains(`${nat.stdout}\n${filter.stdout}`)
}

function isForbidden({ stderr }: Ran): boolean {
  return /operation not permitted|permission denied/i.test(stderr)
}

function notRoot(): WorldError {
  return new WorldError('the firewall can be seen and changed by root alone', {
    help: 'run it as root, or with CAP_NET_ADMIN; or say --rules-only',
  })
}
