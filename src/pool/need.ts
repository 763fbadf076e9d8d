import type { Said } from '../diagnostic/complaint.ts'
import type { Path } from '../manifest/document.ts'
import type { Draft } from './draft.ts'

/** One number that a Service must have before it can be stored. */
export interface Need<N> {
  readonly kind: 'clusterIP' | 'nodePort' | 'healthCheckNodePort'
  /** The number asked for; `undefined` leaves it to the pool. */
  readonly wish: N | undefined
  /** The Service has it already, as the ledger says. */
  readonly kept: boolean
  /** What an automatic number is drawn for: `default/web/http`. */
  readonly name: string
  /** Of the list that it belongs to, the entry that the API server names when it refuses … */
  readonly index: number
  /** … and the entry in which the wish is written, or would be. */
  readonly written: number
  /** The grant, once it is made. */
  got: N | undefined
}

/** How a rule says that it cannot let a Service pass: what is wrong, where, and beside what. */
export type Refuse = (draft: Draft, said: Said, path: Path, first?: Path) => void
