import type { Strings } from '../../object/metadata.ts'

/** Labels or a selector on one line: `app=web,tier=front`, in the order of these pairs as texts. */
export function printLabels(labels: Strings | undefined): string {
  const pairs = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`)
  return pairs.length === 0 ? '<none>' : pairs.sort().join(',')
}
