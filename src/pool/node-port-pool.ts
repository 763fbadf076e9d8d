import { inRange, type PortRange, printRange } from '../address/port.ts'
import { nodePortOutOfRange, nodePortRangeFull, nodePortTaken } from '../diagnostic/complaints.ts'
import { bandsOf, staticCount, strike } from './bands.ts'
import { drawFor, type Pool } from './pool.ts'

/** The range of an API server that was told nothing. */
export const defaultNodePorts: PortRange = { first: 30000, last: 32767 }

/**
 * One pool for all protocols and for health checks. Reserved numbers are never given automatically;
 * who wishes for one by number has a reason, and gets it.
 */
export function nodePortPool(range: PortRange, reserved: readonly PortRange[]): Pool<number> {
  const { dynamic, static: fixed } = nodePortBands(range)
  // A node port of 0 is none.
  const first = Math.max(1, fixed?.first ?? dynamic.first)
  const bands = bandsOf(first, dynamic.last, Math.max(0, dynamic.first - first))
  for (const block of reserved) {
    const last = Math.min(block.last, range.last)
    for (let port = Math.max(block.first, range.first); port <= last; port++) strike(bands, port)
  }
  return {
    includes: (port) => inRange(range, port),
    offsetOf: (port) => port,
    numberAt: (port) => port,
    bands,
    claims: new Map(),
    reasons: {
      taken: 'provided port is already allocated',
      outside: `provided port is not in the valid range. The range of valid ports is ${printRange(range)}`,
    },
    complaints: { taken: nodePortTaken, outside: nodePortOutOfRange, full: nodePortRangeFull },
  }
}

/** Which part of a range is for wishes, and which for automatic numbers. */
export function nodePortBands({ first, last }: PortRange): {
  readonly static: PortRange | undefined
  readonly dynamic: PortRange
} {
  const count = staticCount(last - first + 1, 32, 128)
  return {
    static: count === 0 ? undefined : { first, last: first + count - 1 },
    dynamic: { first: first + count, last },
  }
}

/**
 * Suggests node ports that are free when these are taken: for a Service port, called
 * `default/web/http` as in `allocate`, the one that it would get. None is suggested twice.
 */
export function freeNodePorts(
  taken: Iterable<number>,
  range: PortRange,
  reserved: readonly PortRange[],
): (name: string) => number | undefined {
  const pool = nodePortPool(range, reserved)
  for (const port of taken) strike(pool.bands, port)
  return (name) => drawFor(pool, name)
}
