import { Flag } from '../table/virtual-server.ts'

/** A flag that means something to one scheduler, or to whichever there is. */
export interface SchedulerFlag {
  readonly name: string
  readonly bit: number
  readonly scheduler: string | undefined
}

/** All that `-b` takes. */
export const schedulerFlags: readonly SchedulerFlag[] = [
  { name: 'flag-1', bit: Flag.scheduler1, scheduler: undefined },
  { name: 'flag-2', bit: Flag.scheduler2, scheduler: undefined },
  { name: 'flag-3', bit: Flag.scheduler3, scheduler: undefined },
  { name: 'sh-fallback', bit: Flag.scheduler1, scheduler: 'sh' },
  { name: 'sh-port', bit: Flag.scheduler2, scheduler: 'sh' },
  { name: 'mh-fallback', bit: Flag.scheduler1, scheduler: 'mh' },
  { name: 'mh-port', bit: Flag.scheduler2, scheduler: 'mh' },
]

const anyFlag = Flag.scheduler1 | Flag.scheduler2 | Flag.scheduler3

export function hasSchedulerFlags(flags: number): boolean {
  return (flags & anyFlag) !== 0
}

/**
 * The flags by the names that the scheduler gives them, in the order of their bits. `sh` and `mh`
 * have no name for the third one, so that it alone gives an empty text.
 */
export function printSchedulerFlags(scheduler: string, flags: number): string {
  const own = schedulerFlags.filter((flag) => flag.scheduler === scheduler)
  const named = own.length > 0 ? own : schedulerFlags.filter((flag) => flag.scheduler === undefined)
  return named
    .filter(({ bit }) => (flags & bit) !== 0)
    .map(({ name }) => name)
    .join(',')
}
