import type { IP } from '../address/ip.ts'
import type { Protocol } from '../address/port.ts'
import type { Link, Route } from './link.ts'
import type { LiveRules } from './steps.ts'

/** What a machine tells of itself, to whoever wants to know why packets do not get through. */
export interface Examination {
  readonly release: string
  readonly hasIPVS: boolean
  /** May this program change what is examined, and see all of it? */
  readonly isPrivileged: boolean
  /** Settings of the kernel, by name; those that it does not have are absent. */
  readonly sysctls: ReadonlyMap<string, string>
  /** Schedulers that can neither be found nor loaded. */
  readonly missingSchedulers: readonly string[]
  readonly links: readonly Link[]
  readonly addresses: ReadonlyMap<IP, number>
  /** The ways to real servers; a text says why there is none. */
  readonly routes: ReadonlyMap<IP, Route | string>
  /** What the machine does with the packet that was asked about. */
  readonly arrival?: { readonly by: string; readonly refused: string | undefined } | undefined
  readonly tracked: { readonly count: number; readonly most: number } | undefined
  /** Packets that were dropped because their answers would go another way. */
  readonly reversePathDrops: number
  readonly listeners: readonly Listener[]
  /** Where a firewall drops what nobody has let in. */
  readonly closedHooks: readonly ClosedHook[]
  /** Interfaces of pods that send no packet back to where it came from, on a bridge that filters. */
  readonly withoutHairpin: readonly string[]
  /** Programs that write the same table. */
  readonly managers: readonly string[]
  /** What masquerades, of ours; nothing where that cannot be seen. */
  readonly rules: LiveRules | undefined
  /** What real servers said that were asked, by `10.244.1.57:8080`; empty where none were. */
  readonly probes: ReadonlyMap<string, string>
}

/** A program of this machine that waits for clients. */
export interface Listener {
  readonly protocol: Protocol
  readonly address: IP
  readonly port: number
  /** Its name, where that can be seen. */
  readonly program: string | undefined
}

export interface ClosedHook {
  readonly hook: 'input' | 'forward' | 'output'
  /** Such as `policy drop`. */
  readonly how: string
  /** The command that shows it. */
  readonly seenBy: string
  /** `chain FORWARD` */
  readonly chain: string
  /** The command that opens it. */
  readonly opening: string
  /** The rules in it that let something in, as texts. */
  readonly accepting: readonly string[]
}

/** What is asked of a machine that is examined. */
export interface ExaminationWish {
  readonly sysctls: readonly string[]
  /** Settings that every interface has of its own: `net.ipv4.conf.*.rp_filter`. */
  readonly interfaceSysctls: readonly string[]
  readonly schedulers: readonly string[]
  readonly realServers: readonly IP[]
  /** A packet, and the interface by which it comes. */
  readonly arrival?: { readonly from: IP; readonly to: IP; readonly by: string } | undefined
  /** Real servers that are to be asked over TCP. */
  readonly probes: readonly { readonly address: IP; readonly port: number }[]
}
