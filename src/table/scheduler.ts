import { Flag } from './virtual-server.ts'

/** The schedulers of Linux: the names of their modules without `ip_vs_` before them. */
export const schedulers: readonly string[] = [
  'rr',
  'wrr',
  'lc',
  'wlc',
  'lblc',
  'lblcr',
  'dh',
  'sh',
  'sed',
  'nq',
  'fo',
  'ovf',
  'mh',
  'twos',
]

/** A flag that means something to one scheduler, or to whichever there is. */
export interface SchedulerFlag {
  readonly name: string
  readonly bit: number
  readonly scheduler: string | undefined
}

/** All that ipvsadm's `-b` takes. */
export const schedulerFlags: readonly SchedulerFlag[] = [
  { name: 'flag-1', bit: Flag.scheduler1, scheduler: undefined },
  { name: 'flag-2', bit: Flag.scheduler2, scheduler: undefined },
  { name: 'flag-3', bit: Flag.scheduler3, scheduler: undefined },
  { name: 'sh-fallback', bit: Flag.scheduler1, scheduler: 'sh' },
  { name: 'sh-port', bit: Flag.scheduler2, scheduler: 'sh' },
  { name: 'mh-fallback', bit: Flag.scheduler1, scheduler: 'mh' },
  { name: 'mh-port', bit: Flag.scheduler2, scheduler: 'mh' },
]

/** What kube-proxy tells a scheduler: `mh` is to look at the client's port as well. */
export function defaultFlags(scheduler: string): number {
  return scheduler === 'mh' ? Flag.scheduler2 : 0
}
