import type { OneServerFlags } from './one-server.ts'
import type { EtcdFlags, LedgerFlag } from './options.ts'
import type { TableFormat } from './print-table.ts'
import type { WantedFlags } from './wanted.ts'

export interface ListFlags extends WantedFlags, LedgerFlag, EtcdFlags, OneServerFlags {
  readonly output: TableFormat
  readonly stats: boolean
  readonly rate: boolean
  readonly thresholds: boolean
  readonly persistentConn: boolean
  readonly tunInfo: boolean
  readonly exact: boolean
  readonly nosort: boolean
  readonly connections: boolean
  readonly timeout: boolean
  readonly daemon: boolean
  /** Shown again and again, every so many milliseconds. */
  readonly watch: number | undefined
}
