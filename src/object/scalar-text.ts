import { quote } from './go-text.ts'

// Two types of Kubernetes that read their own texts. Their errors carry no field.

/** What the server says about an amount such as `100m` or `1.5Gi`. */
export function faultOfQuantity(value: unknown): string | undefined {
  const text = typeof value === 'object' ? '{}' : String(value).trim()
  const match = /^[+-]?\d*(?:\.\d*)?((?:[eEinumkKMGTP]+[-+]?|[-+])\d*|)$/.exec(text)
  if (match === null || text === '') {
    return "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
  }
  const [, suffix = ''] = match
  // No digits at all are read as zero.
  const known = /^([numkMGTPE]|[KMGTPE]i|[eE][+-]?\d+)?$/.test(suffix)
  return known ? undefined : "unable to parse quantity's suffix"
}

const timeLayout = '2006-01-02T15:04:05Z07:00'

// The parts of that layout, what they match, and the numbers they may hold.
const timeParts: readonly (readonly [string, RegExp, string?, number?])[] = [
  ['2006', /^\d{4}/],
  ['-', /^-/],
  ['01', /^\d\d/, 'month', 12],
  ['-', /^-/],
  ['02', /^\d\d/, 'day', 31],
  ['T', /^T/],
  ['15', /^\d\d/, 'hour', 23],
  [':', /^:/],
  ['04', /^\d\d/, 'minute', 59],
  [':', /^:/],
  ['05', /^\d\d(?:[.,]\d+)?/, 'second', 59],
  ['Z07:00', /^(?:Z|[+-]\d\d:\d\d)/],
]

/** The form of nearly all times, in which nothing can be out of range. */
const usualTime =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3])(?::[0-5]\d){2}Z$/

/** What Go says about a text that is no time as RFC 3339 has it. */
export function faultOfTime(text: string): string | undefined {
  if (usualTime.test(text)) return undefined
  const head = `parsing time ${quote(text)}`
  let rest = text
  for (const [part, pattern, name, most] of timeParts) {
    const match = pattern.exec(rest)
    if (match === null)
      return `${head} as "${timeLayout}": cannot parse ${quote(rest)} as "${part}"`
    const least = name === 'month' || name === 'day' ? 1 : 0
    const size = Math.trunc(Number(match[0].replace(',', '.')))
    if (most !== undefined && (size > most || size < least)) return `${head}: ${name} out of range`
    rest = rest.slice(match[0].length)
  }
  if (rest !== '') return `${head}: extra text: ${quote(rest)}`
  const [year = 0, month = 0, day = 0] = text.slice(0, 10).split('-').map(Number)
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate()
  return day > last ? `${head}: day out of range` : undefined
}
