import { type Ledger, parseLedger, parseObject, printLedger } from './ledger.ts'

/** An apply that is taken back unless somebody confirms it in time. */
export interface Trial {
  /** As an ISO date, which also tells one trial from another. */
  readonly until: string
  /** The boot in which it began: another one ends it, since its watch is gone. */
  readonly boot: string
  /** How long real servers that leave again keep their connections, in milliseconds. */
  readonly drainTimeout: number
  /** What was true before, and is to be true again. */
  readonly before: Ledger
}

const version = { apiVersion: 'nodeport.io/v1', kind: 'Trial' } as const

export function printTrial({ before, ...rest }: Trial): string {
  return `${JSON.stringify({ ...version, ...rest, before: [...printLedger(before)].join('') })}\n`
}

/** Nothing where the text is none of ours. */
export function parseTrial(text: string): Trial | undefined {
  const read = parseObject(text)
  if (typeof read === 'string' || read.kind !== version.kind) return undefined
  const before = parseLedger(String(read.before))
  if (typeof before === 'string') return undefined
  const { until, boot, drainTimeout } = read
  return { until: String(until), boot: String(boot), drainTimeout: Number(drainTimeout), before }
}

/** Is its time over, or the machine no longer the same? */
export function isOver({ until, boot }: Trial, now: Date, currentBoot: string): boolean {
  return boot !== currentBoot || !(new Date(until) > now)
}
