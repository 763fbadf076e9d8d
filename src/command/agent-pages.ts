import packageFile from '../../package.json' with { type: 'json' }
import type { Ledger } from '../ledger/ledger.ts'
import { type Family, printFamilies, prometheusType } from '../text/prometheus/families.ts'
import { type Health, healthz, livez, readyz } from '../watch/health.ts'
import { type Numbers, type Standing, standingFamilies, trafficFamilies } from '../watch/numbers.ts'
import type { Answerer, Reply } from '../world/sockets.ts'
import type { World } from '../world/world.ts'

/** What an agent shows of itself over HTTP. */
export interface PageFacts {
  readonly health: () => Health
  readonly standing: () => Omit<Standing, 'version' | 'ledger'>
  readonly families: () => readonly Family[]
  readonly numbers: Numbers
  readonly ledger: () => Ledger
  readonly node: () => string
  /** From one comparison of the whole table to the next, in milliseconds. */
  readonly resync: number
  readonly perEndpoint: boolean
}

/** /healthz, /livez, /readyz and /metrics. */
export function pagesFor(facts: PageFacts, world: World): Answerer {
  const traffic = oneAtATime(() => trafficOf(facts, world))
  return async (path) => {
    switch (path) {
      case '/healthz':
        return asJSON(healthz(facts.health(), facts.resync))
      case '/livez':
        return asJSON(livez(facts.health(), facts.resync))
      case '/readyz':
        return { ...readyz(facts.health()), type: 'text/plain; charset=utf-8' }
      case '/metrics': {
        const { version } = packageFile
        const standing = standingFamilies({
          ...facts.standing(),
          ...{ version, ledger: facts.ledger() },
        })
        const all = [...standing, ...facts.numbers.families(), ...facts.families()]
        const body = printFamilies([...all, ...(await traffic())])
        return { status: 200, type: prometheusType, body }
      }
      default:
        return { status: 404, type: 'text/plain', body: 'there is nothing here\n' }
    }
  }
}

/** Reads the kernel on a line of its own; where it does not answer, there are no numbers of traffic. */
async function trafficOf(
  { ledger, node, perEndpoint }: PageFacts,
  world: World,
): Promise<readonly Family[]> {
  try {
    const kernel = await world.openKernel()
    try {
      const counted = await kernel.readCounters()
      const listed = await kernel.readTable('listed')
      return trafficFamilies(ledger(), counted, listed, { node: node(), perEndpoint })
    } finally {
      kernel.close()
    }
  } catch {
    return []
  }
}

/** Whoever asks while somebody else's question is being answered gets the same answer. */
function oneAtATime<T>(ask: () => Promise<T>): () => Promise<T> {
  let pending: Promise<T> | undefined
  return () => {
    pending ??= ask().finally(() => {
      pending = undefined
    })
    return pending
  }
}

function asJSON({ status, body }: { readonly status: number; readonly body: string }): Reply {
  const headers = { 'X-Content-Type-Options': 'nosniff' }
  return { status, type: 'application/json', body, headers }
}
