import { understand } from '../../src/compile.ts'
import type { Diagnostic } from '../../src/diagnostic/diagnostic.ts'
import { defaultPools } from '../../src/pool/allocate.ts'
import { survey } from '../../src/survey/survey.ts'
import type { Facts } from '../../src/survey/surveyed.ts'
import { defaultSettings } from '../../src/table/service-settings.ts'

/** What the survey says of some texts; what an API server would say is left out. */
export function surveyOf(
  texts: string | readonly string[],
  facts: Partial<Facts> = {},
): Diagnostic[] {
  const sources = [texts].flat().map((text, index) => ({ name: `${index}.yaml`, text }))
  const known: Facts = {
    pools: defaultPools,
    held: new Map(),
    ephemeral: { range: { first: 32768, last: 60999 }, reserved: [] },
    node: undefined,
    hostAddresses: [],
    drainTimeout: undefined,
    ...facts,
  }
  const { pools, held } = known
  const read = understand(sources, { pools, held, settings: defaultSettings })
  const found: Diagnostic[] = []
  survey({ ...read, sources }, known, (diagnostic) => void found.push(diagnostic))
  return found
}

/** One line for each: severity, code and message. */
export function linesOf(found: readonly Diagnostic[]): string[] {
  return found.map(({ severity, code, message }) => `${severity}[${code}]: ${message}`)
}

/** The texts that a finding points at: what is wrong, and what else has a part in it. */
export function placesOf({ at, related = [] }: Diagnostic): string[] {
  return [at, ...related.map((other) => other.at)].flatMap((place) => {
    if (place === undefined) return []
    const { source, start, end } = place.span()
    return source.text.slice(start, end)
  })
}
