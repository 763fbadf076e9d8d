import type { Known } from '../text/kubectl/listings.ts'
import type { ColourOption, EtcdFlags, InputOptions, LedgerFlag, PoolFlags } from './options.ts'

export type KnownFlags = InputOptions & PoolFlags & LedgerFlag & EtcdFlags & ColourOption

export interface KnownObjects extends Known {
  /** Says what was only noticed while the objects were shown. */
  readonly complainLate: () => Promise<void>
}
