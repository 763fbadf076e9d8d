/** Numbers of one kind, in the words of Prometheus' text format. */
export interface Family {
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  readonly samples: readonly Sample[]
}

export interface Sample {
  readonly labels?: Readonly<Record<string, string>>
  readonly value: number | bigint
  /** What stands behind the name of the family: a histogram has `_bucket`, `_sum` and `_count`. */
  readonly suffix?: string
}

/** How Prometheus calls what is printed here. */
export const prometheusType = 'text/plain; version=0.0.4; charset=utf-8'

export function printFamilies(families: readonly Family[]): string {
  return families
    .filter(({ samples }) => samples.length > 0)
    .map(({ name, type, help, samples }) => {
      const lines = samples.map(({ labels = {}, value, suffix = '' }) => {
        return `${name}${suffix}${printLabels(labels)} ${printNumber(value)}\n`
      })
      const said = help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
      return `# HELP ${name} ${said}\n# TYPE ${name} ${type}\n${lines.join('')}`
    })
    .join('')
}

/** How often something took how long. */
export interface Histogram {
  /** The upper limits of the buckets, in ascending order. */
  readonly limits: readonly number[]
  /** How many fell into each bucket; the last one has no limit. */
  readonly counts: readonly number[]
  readonly sum: number
}

export function emptyHistogram(limits: readonly number[]): Histogram {
  return { limits, counts: new Array<number>(limits.length + 1).fill(0), sum: 0 }
}

export function observed({ limits, counts, sum }: Histogram, value: number): Histogram {
  const found = limits.findIndex((limit) => value <= limit)
  const bucket = found < 0 ? limits.length : found
  return { limits, counts: counts.with(bucket, (counts[bucket] ?? 0) + 1), sum: sum + value }
}

/** The samples of a histogram: its buckets count all that is below their limits. */
export function samplesOf(
  { limits, counts, sum }: Histogram,
  labels: Readonly<Record<string, string>> = {},
): readonly Sample[] {
  let below = 0
  const buckets = counts.map((count, index): Sample => {
    below += count
    const limit = limits[index]
    const le = limit === undefined ? '+Inf' : String(limit)
    return { labels: { ...labels, le }, value: below, suffix: '_bucket' }
  })
  return [
    ...buckets,
    { labels, value: sum, suffix: '_sum' },
    { labels, value: below, suffix: '_count' },
  ]
}

function printLabels(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}

function printNumber(value: number | bigint): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf'
  if (value === Number.NEGATIVE_INFINITY) return '-Inf'
  return String(value)
}
