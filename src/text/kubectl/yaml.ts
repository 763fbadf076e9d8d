import { kubectlScalar } from '../../manifest/scalar.ts'

// The shape of the text is that of goyaml v2, through which kubectl prints. We differ from it in two
// places, where what it prints reads as something else: a key `<<`, and U+2028 and U+2029, which are
// breaks of a line in YAML 1.1 only. Both are put into double quotes here.

/** A value as `kubectl get -o yaml` prints it. Fields that are undefined count as absent. */
export function printYAML(value: unknown): string {
  // Readers do not agree on the indent of a block that is the whole document.
  if (typeof value === 'string' && value.includes('\n')) {
    return `${doubleQuoted(value, { column: 0, indent: 2 })}\n`
  }
  const out: string[] = []
  writeNode(out, value, 0, 2)
  out.push('\n')
  return out.join('')
}

/** Writes a value where the line stands; further lines of a collection begin at its indent. */
function writeNode(out: string[], value: unknown, indent: number, scalarIndent: number): void {
  if (Array.isArray(value)) {
    if (value.length === 0) out.push('[]')
    else writeList(out, value, indent)
  } else if (typeof value === 'object' && value !== null) {
    const entries = sortedEntries(value)
    if (entries.length === 0) out.push('{}')
    else writeMap(out, entries, indent)
  } else out.push(printScalar(value, indent, scalarIndent))
}

function writeList(out: string[], items: readonly unknown[], indent: number): void {
  for (const [index, item] of items.entries()) {
    out.push(index === 0 ? '- ' : `${newLine(indent)}- `)
    writeNode(out, item, indent + 2, indent + 2)
  }
}

function writeMap(out: string[], entries: readonly [string, unknown][], indent: number): void {
  for (const [index, [key, value]] of entries.entries()) {
    if (index > 0) out.push(newLine(indent))
    if (isSimpleKey(key)) writeEntry(out, key, value, indent)
    else {
      out.push('? ', printText(key, indent + 2, indent + 2, 'value'), newLine(indent), ': ')
      writeNode(out, value, indent + 2, indent + 2)
    }
  }
}

function writeEntry(out: string[], key: string, value: unknown, indent: number): void {
  const name = printText(key, indent, indent, 'key')
  out.push(name, ':')
  if (Array.isArray(value) && value.length > 0) {
    out.push(newLine(indent))
    writeList(out, value, indent)
    return
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const entries = sortedEntries(value)
    if (entries.length > 0) {
      out.push(newLine(indent + 2))
      writeMap(out, entries, indent + 2)
      return
    }
  }
  out.push(' ')
  writeNode(out, value, indent + [...name].length + 2, indent + 2)
}

function newLine(indent: number): string {
  return `\n${' '.repeat(indent)}`
}

/** Longer keys, and those of several lines, are announced by a question mark. */
function isSimpleKey(key: string): boolean {
  if (key.length > 128 || /[\n\r\u0085\u2028\u2029]/.test(key)) return false
  return key.length <= 42 || new TextEncoder().encode(key).length <= 128
}

function sortedEntries(value: object): [string, unknown][] {
  return Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => compareKeys(a, b))
}

/** Letters come last, and numbers within names are compared as numbers: `a2` before `a10`. */
function compareKeys(a: string, b: string): number {
  let same = 0
  while (same < a.length && a[same] === b[same]) same += 1
  // Most keys part at two letters of the alphabet.
  if (/[A-Za-z]/.test(a[same] ?? '') && /[A-Za-z]/.test(b[same] ?? '')) {
    return a.charCodeAt(same) - b.charCodeAt(same)
  }
  const left = [...a]
  const right = [...b]
  for (let i = 0; i < left.length && i < right.length; i++) {
    const x = left[i] ?? ''
    const y = right[i] ?? ''
    if (x === y) continue
    const xIsLetter = letter.test(x)
    const yIsLetter = letter.test(y)
    if (xIsLetter !== yIsLetter) return xIsLetter ? 1 : -1
    if (!xIsLetter) {
      const inNumber = (x === '0' || y === '0') && followsNumber(left, i)
      const p = numberAt(left, i, inNumber)
      const q = numberAt(right, i, inNumber)
      if (p.value !== q.value) return p.value < q.value ? -1 : 1
      if (p.end !== q.end) return p.end - q.end
    }
    return (x.codePointAt(0) ?? 0) - (y.codePointAt(0) ?? 0)
  }
  return left.length - right.length
}

const letter = /^\p{L}/u
const digit = /^\p{Nd}/u

/** Whether digits before a place hold more than zeros. */
function followsNumber(letters: readonly string[], at: number): boolean {
  for (let i = at - 1; i >= 0 && digit.test(letters[i] ?? ''); i--) {
    if (letters[i] !== '0') return true
  }
  return false
}

function numberAt(
  letters: readonly string[],
  at: number,
  inNumber: boolean,
): { value: number; end: number } {
  let value = inNumber ? 1 : 0
  let end = at
  for (; digit.test(letters[end] ?? ''); end++) {
    // Digits of other scripts count from the ASCII zero, too.
    value = value * 10 + (letters[end]?.codePointAt(0) ?? 0) - 48
  }
  return { value, end }
}

function printScalar(value: unknown, column: number, indent: number): string {
  if (typeof value === 'string') return printText(value, column, indent, 'value')
  return typeof value === 'number' ? printNumber(value) : String(value)
}

/** Whole numbers of up to 64 bits as they are, others as Go's `%g`. */
function printNumber(value: number): string {
  const text = String(value)
  if (Number.isSafeInteger(value)) return text === '-0' ? '0' : text
  if (/^-?[0-9]+$/.test(text)) {
    const whole = BigInt(text)
    if (whole >= -(2n ** 63n) && whole < 2n ** 64n) return text
  }
  const [digits = '', exponent = '0'] = value.toExponential().split('e')
  const power = Number(exponent)
  if (power >= -4 && power < 6) return text
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
}

const widest = 80

/** Words without blanks, which are nearly everything: nothing in them has to be looked at again. */
const simple = /^[A-Za-z][A-Za-z0-9_./-]*$/

/** A text in the plainest style that gives it back. `column` is where on the line it begins. */
function printText(text: string, column: number, indent: number, role: 'key' | 'value'): string {
  if (simple.test(text) && kubectlScalar(text) === text) return text
  const letters = text.replace(/\p{Surrogate}/gu, '\ufffd')
  const place = { column, indent: role === 'key' ? undefined : indent }
  if (letters.includes('\n')) {
    const inBlock = !unprintable.test(letters) && !/ (\n|$)/.test(letters)
    return inBlock ? literal(letters, indent) : doubleQuoted(letters, place)
  }
  const merges = role === 'key' && letters === '<<'
  if (merges || meansMore(letters) || unprintable.test(letters)) return doubleQuoted(letters, place)
  const plain = !indicators.test(letters) && !letters.startsWith(' ') && !letters.endsWith(' ')
  return unescaped(letters, plain ? '' : "'", place)
}

/** Where a scalar begins, and where its further lines do; keys have none. */
interface ScalarPlace {
  readonly column: number
  readonly indent: number | undefined
}

/** Whether a text without quotes would be read as something else than itself. */
function meansMore(text: string): boolean {
  return kubectlScalar(text) !== text || sexagesimal.test(text) || isTimestamp(text)
}

// From encode.go of goyaml v2: YAML 1.1 took 12:30 for a number, and others still do.
const sexagesimal = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/

const timestamp =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?(?:Z|[-+](\d\d):(\d\d))| (\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?)?$/

function isTimestamp(text: string): boolean {
  const match = timestamp.exec(text)
  if (match === null) return false
  const [year = 0, month = 0, day = 0, ...clock] = match.slice(1).map((part) => Number(part ?? 0))
  const [hour = 0, minute = 0, second = 0, zoneHour = 0, zoneMinute = 0] = clock
  const [hour2 = 0, minute2 = 0, second2 = 0] = clock.slice(5)
  const days = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate()
  return (
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= days &&
    Math.max(hour, hour2) < 24 &&
    Math.max(minute, minute2) < 60 &&
    Math.max(second, second2) < 60 &&
    zoneHour <= 24 &&
    zoneMinute < 60
  )
}

// What may stand in a scalar as it is: beyond ASCII, the basic plane without its controls.
const unprintable = /[^\n\u0020-\u007e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/u

/** Letters that make a plain scalar something else, by where they stand. */
const indicators = /^[#,[\]{}&*!|>'"%@`]|^[?:-](?: |$)|^---|^\.\.\.|:(?: |$)| #/

/** Plain or in single quotes. Lines longer than 80 are broken at their next single blank. */
function unescaped(text: string, quote: '' | "'", { column, indent }: ScalarPlace): string {
  const whole = quote + (quote === '' ? text : text.replaceAll("'", "''")) + quote
  if (indent === undefined || column + whole.length <= widest) return whole
  const letters = [...text]
  let out = quote
  let at = column + quote.length
  for (const [index, character] of letters.entries()) {
    const inside = index > 0 && index < letters.length - 1
    const single = inside && letters[index - 1] !== ' ' && letters[index + 1] !== ' '
    if (character === ' ' && single && at > widest) {
      out += newLine(indent)
      at = indent
    } else {
      const shown = character === quote ? "''" : character
      out += shown
      at += shown === "''" ? 2 : 1
    }
  }
  return out + quote
}

function doubleQuoted(text: string, { column, indent }: ScalarPlace): string {
  const letters = [...text]
  let out = '"'
  let at = column + 1
  for (const [index, character] of letters.entries()) {
    const inside = index > 0 && index < letters.length - 1
    const breaks = character === ' ' && inside && letters[index - 1] !== ' ' && at > widest
    if (breaks && indent !== undefined) {
      const more = letters[index + 1] === ' ' ? '\\' : ''
      out += newLine(indent) + more
      at = indent + more.length
    } else {
      const shown = escaped(character)
      out += shown
      at += shown.length
    }
  }
  return `${out}"`
}

function escaped(character: string): string {
  if (character === '"' || character === '\\') return `\\${character}`
  if (character !== '\n' && !unprintable.test(character)) return character
  const code = character.codePointAt(0) ?? 0
  const short = shortEscapes.get(code)
  if (short !== undefined) return `\\${short}`
  const hex = code.toString(16).toUpperCase()
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
}

const shortEscapes: ReadonlyMap<number, string> = new Map([
  [0x00, '0'],
  [0x07, 'a'],
  [0x08, 'b'],
  [0x09, 't'],
  [0x0a, 'n'],
  [0x0b, 'v'],
  [0x0c, 'f'],
  [0x0d, 'r'],
  [0x1b, 'e'],
  [0x85, 'N'],
  [0x2028, 'L'],
  [0x2029, 'P'],
])

/** A block of lines. Its last line break is left to whatever comes after. */
function literal(text: string, indent: number): string {
  const hint = /^[ \n]/.test(text) ? '2' : ''
  const chomping = !text.endsWith('\n') ? '-' : text === '\n' || text.endsWith('\n\n') ? '+' : ''
  const lines = (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n')
  const margin = ' '.repeat(indent)
  return `|${hint}${chomping}\n${lines.map((line) => (line === '' ? '' : margin + line)).join('\n')}`
}
