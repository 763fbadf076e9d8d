import { schedulerFlags } from '../../table/scheduler.ts'
import { Flag } from '../../table/virtual-server.ts'

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
