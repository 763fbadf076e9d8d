import type { HeldTerrain, Ledger } from '../ledger/ledger.ts'
import type { HostWish } from './host-part.ts'
import type { HostFlags, ViewFlags } from './options.ts'
import type { Wanted } from './wanted.ts'

type Flags = HostFlags & Pick<ViewFlags, 'role'>

/** What is to become of the host's part, as flags and manifests have it. */
export function hostWish(flags: Flags, wanted: Wanted, ledger: Ledger): HostWish {
  if (flags.rulesOnly) return 'leave'
  // Rules tell nothing of the host, and ask nothing of it.
  return wanted.compiled === undefined ? 'follow' : toldOf(flags, wanted.compiled.podCIDRs, ledger)
}

/** What we are told of the host; what is not said now was said before. */
export function toldOf(
  flags: Omit<Flags, 'rulesOnly'>,
  podCIDRs: readonly string[],
  { terrain }: Pick<Ledger, 'terrain'>,
): Omit<HeldTerrain, 'sysctls'> {
  return {
    interface: flags.interface ?? terrain?.interface ?? 'nodeport0',
    role: flags.role,
    podCIDRs: podCIDRs.length > 0 ? podCIDRs : (terrain?.podCIDRs ?? []),
  }
}
