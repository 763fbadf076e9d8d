// When what is done. There is no clock in here: whoever asks says how late it is, in milliseconds of
// a clock that never jumps.

/** How long things may wait. */
export interface Tempo {
  /** A file that is written to is read when it has been left alone for so long. */
  readonly settle: number
  /** From one change of the kernel's table to the next; what happens meanwhile is done at once then. */
  readonly minInterval: number
  /** From one comparison of the whole table to the next. */
  readonly resync: number
  /** From one look at those that drain to the next. */
  readonly drains: number
  /** How long the ledger may lag behind its journal. */
  readonly save: number
  /** The first pause after something was refused, and the longest. */
  readonly retry: readonly [first: number, longest: number]
}

export const usualTempo: Tempo = {
  settle: 10,
  minInterval: 100,
  resync: 30_000,
  drains: 2_000,
  save: 5_000,
  retry: [500, 30_000],
}

/** What is due, and when. Absent is what nobody waits for. */
export interface Pace {
  readonly look: number | undefined
  /** No matter how much is written, by then it is looked at. */
  readonly lookAtLatest: number | undefined
  readonly sync: number | undefined
  readonly resync: number
  readonly drains: number | undefined
  readonly save: number | undefined
  /** No change of the table before then. */
  readonly notBefore: number
  /** How often in a row the world refused. */
  readonly failures: number
}

export type PaceEvent =
  /** Something happened to a file. */
  | { readonly kind: 'stirred' }
  /** Files were read; some of them have to be looked at again after a time. */
  | { readonly kind: 'looked'; readonly again: number | undefined }
  /** What is wanted may be other than what is there. */
  | { readonly kind: 'wanted' }
  /** The table was changed or compared, and agrees. */
  | { readonly kind: 'synced'; readonly whole: boolean; readonly draining: boolean }
  /** The ledger lags behind, or does so no more. */
  | { readonly kind: 'unsaved' }
  | { readonly kind: 'saved' }
  /** The table has to be compared as a whole, now. */
  | { readonly kind: 'doubted' }
  /** The world refused. */
  | { readonly kind: 'failed' }

export function beginning(now: number): Pace {
  return {
    ...{ look: now, lookAtLatest: undefined, sync: undefined, resync: Number.POSITIVE_INFINITY },
    ...{ drains: undefined, save: undefined, notBefore: now, failures: 0 },
  }
}

/** What an event makes of the times at which things are due. */
export function paceAfter(pace: Pace, event: PaceEvent, now: number, tempo: Tempo): Pace {
  switch (event.kind) {
    case 'stirred': {
      const lookAtLatest = pace.lookAtLatest ?? now + 20 * tempo.settle
      return { ...pace, lookAtLatest, look: Math.min(now + tempo.settle, lookAtLatest) }
    }
    case 'looked': {
      const look = event.again === undefined ? undefined : now + event.again
      return { ...pace, look, lookAtLatest: undefined }
    }
    case 'wanted':
      return { ...pace, sync: pace.sync ?? now }
    case 'synced': {
      const drains = event.draining ? now + tempo.drains : undefined
      const notBefore = now + tempo.minInterval
      const next = { ...pace, drains, notBefore, sync: undefined, failures: 0 }
      return event.whole ? { ...next, resync: now + tempo.resync } : next
    }
    case 'unsaved':
      return { ...pace, save: pace.save ?? now + tempo.save }
    case 'saved':
      return { ...pace, save: undefined }
    case 'doubted':
      return { ...pace, resync: now }
    case 'failed': {
      const [first, longest] = tempo.retry
      const later = now + Math.min(longest, first * 2 ** Math.min(pace.failures, 20))
      const held = { sync: undefined, drains: undefined, save: pace.save && later }
      return { ...pace, ...held, notBefore: later, resync: later, failures: pace.failures + 1 }
    }
  }
}

export type PaceStep = 'look' | 'resync' | 'sync' | 'drains' | 'save'

/** What is to be done now, or when there will be something. */
export function nextStep(pace: Pace, now: number): PaceStep | { readonly at: number } {
  const { look = never, sync = never, drains = never, save = never, resync, notBefore } = pace
  const due: readonly [step: PaceStep, at: number][] = [
    ['look', look],
    ['resync', Math.max(resync, notBefore)],
    ['sync', Math.max(sync, notBefore)],
    ['drains', Math.max(drains, notBefore)],
    ['save', save],
  ]
  const found = due.find(([, at]) => at <= now)
  return found === undefined ? { at: Math.min(...due.map(([, at]) => at)) } : found[0]
}

const never = Number.POSITIVE_INFINITY
