/** A value as `kubectl get -o json` prints it: four blanks, keys in order, Go's escapes. */
export function printJSON(value: unknown): string {
  const out: string[] = []
  write(out, value, '\n')
  out.push('\n')
  return out.join('')
}

/** `newLine` is a line break and the blanks that the lines of this value's parent begin with. */
function write(out: string[], value: unknown, newLine: string): void {
  if (Array.isArray(value)) {
    const items = value.map((item): [string, unknown] => ['', item])
    writeAll(out, items, ['[', ']'], newLine)
  } else if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .sort(([a], [b]) => compareCodePoints(a, b))
      .map(([key, field]): [string, unknown] => [`${printText(key)}: `, field])
    writeAll(out, entries, ['{', '}'], newLine)
  } else out.push(typeof value === 'string' ? printText(value) : JSON.stringify(value ?? null))
}

function writeAll(
  out: string[],
  entries: readonly [string, unknown][],
  [open, close]: readonly [string, string],
  newLine: string,
): void {
  const inner = `${newLine}    `
  out.push(open)
  for (const [index, [label, value]] of entries.entries()) {
    out.push(index === 0 ? inner : `,${inner}`, label)
    write(out, value, inner)
  }
  out.push(entries.length === 0 ? close : newLine + close)
}

/** ASCII in which nothing is escaped, which is nearly everything. */
const simple = /^[ !#-%'-;=?-[\]-~]*$/

function printText(text: string): string {
  if (simple.test(text)) return `"${text}"`
  return JSON.stringify(text.replace(/\p{Surrogate}/gu, '\ufffd')).replace(
    /[<>&\u2028\u2029]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** The order of the texts as UTF-8, which is Go's; that of UTF-16 differs beyond the basic plane. */
function compareCodePoints(a: string, b: string): number {
  let at = 0
  while (at < a.length && a[at] === b[at]) at += 1
  const left = a.codePointAt(at) ?? -1
  const right = b.codePointAt(at) ?? -1
  return left - right
}
