import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { printStatus } from '../ledger/fleet.ts'
import type { Etcd } from './etcd.ts'

/** How a node says it is. */
export interface Said {
  readonly revision: number | undefined
  /** What is ours in its kernel, as rules. */
  readonly rules: string
  readonly trouble: string | undefined
  /** How many of its back ends do not answer. */
  readonly silent: number
}

export interface StatusOptions {
  readonly etcd: Etcd
  readonly prefix: string
  readonly node: string
  readonly ask: () => Said
}

/** Whoever says how a node is. */
export interface Teller {
  /** Says that the node is away from now on, as far as anybody can be told. */
  readonly leave: () => Promise<void>
}

/** Who says nothing for so many seconds is away. */
const lasts = 10
/** How often it is asked how it is, in milliseconds. */
const askEvery = 200

/** Keeps saying how a node is, under a lease: what it said is gone with it. */
export function keepStatus({ etcd, prefix, node, ask }: StatusOptions): Teller {
  const closing = new AbortController()
  let lease: string | undefined
  let written = ''
  /** The revision that this wrote last. */
  let at = 0
  let rules: string | undefined
  let hash = ''

  /** The hash is made where the rules are others than before. */
  function statusNow(): { readonly text: string; readonly key: string } {
    const said = ask()
    if (said.rules !== rules) {
      rules = said.rules
      hash = createHash('sha256').update(rules).digest('hex').slice(0, 12)
    }
    const { revision, trouble, silent } = said
    const status = { revision, hash, trouble, silent, since: new Date().toISOString() }
    return { text: printStatus(status), key: JSON.stringify([revision, hash, trouble, silent]) }
  }

  async function say(): Promise<void> {
    const { text, key } = statusNow()
    if (lease !== undefined && key === written) return
    lease ??= await etcd.grantLease(lasts)
    const { revision } = await etcd.commit({
      conditions: [],
      operations: [
        { put: `${prefix}nodes/${node}`, value: text, lease },
        ...(written === '' ? [{ put: `${prefix}members/${node}`, value: text }] : []),
      ],
    })
    written = key
    at = revision
  }

  async function run(): Promise<void> {
    let aliveAt = performance.now()
    let failures = 0
    while (!closing.signal.aborted) {
      try {
        await sleep(askEvery, undefined, { signal: closing.signal, ref: false })
        await say()
        if (performance.now() - aliveAt > (lasts * 1000) / 3) {
          aliveAt = performance.now()
          if (lease !== undefined && !(await etcd.keepAlive(lease))) lease = undefined
        }
        failures = 0
      } catch {
        // Whoever watches says that nobody can be reached; here it is tried again.
        lease = undefined
        failures += 1
        if (!closing.signal.aborted) await etcd.pause(failures + 2)
      }
    }
  }

  const running = run()
  return {
    leave: async () => {
      closing.abort()
      // What is just being said must not come after the last word.
      await running
      if (written === '') return
      // Who was started in its place meanwhile is not away.
      const own = `${prefix}nodes/${node}`
      await etcd.commit({
        conditions: [{ key: own, is: 'modified', at }],
        operations: [{ remove: own }],
      })
    },
  }
}
