import fc from 'fast-check'

// Texts that are YAML, or nearly: what readers of YAML trip over is in every other line.

const indents = ['', '', '  ', '  ', '    ', '      ', ' ', '   ', '\t']
const dashes = ['', '', '', '- ', '- ', '-  ', '- - ', '-', '-\t', '? ', ': ']
const keys = [
  'a',
  'b',
  'name',
  'ports',
  'a b',
  '"a"',
  "'a'",
  '"a\\tb"',
  'on',
  '8',
  '010',
  '1e3',
  '~',
  'null',
  '<<',
  '...',
  '---',
  '-a',
  '.a',
  '__proto__',
  'constructor',
  'a#b',
  'a #b',
  '&x a',
  '*x',
  '!t a',
  'a:b',
  '{a: b}',
  '[a]',
  '"a"b',
  '?a',
  '%a',
  '@a',
  'é',
  '\ufeffa',
  '',
]
const colons = [':', ': ', ': ', ': ', ' : ', ':  ', ':\t', '', '::']
const scalars = [
  '',
  '',
  'a',
  '80',
  '-1',
  '0',
  '010',
  '0o17',
  '1_000',
  '1e3',
  '1e400',
  '.5',
  '0x1F',
  '-0',
  '+1',
  '1.',
  '.inf',
  '-.inf',
  '.nan',
  '10.96.0.1',
  '2001:db8::1',
  '::1',
  '12:30',
  '2026-01-01T00:00:00Z',
  'yes',
  'true',
  'TRUE',
  'False',
  'no',
  'y',
  'null',
  '~',
  'a b',
  'a # c',
  'a#c',
  '#c',
  '# c',
  '"a"',
  '"a" # c',
  '"a"#c',
  '"a" b',
  '"a',
  'a"',
  "'a'",
  "'a''b'",
  "'a",
  '"a\\nb"',
  '"a\\"b"',
  '"\\/"',
  '"\\u0041"',
  '"\\ud83d\\ude00"',
  '"\\x"',
  '"a\\',
  '"a: b"',
  "'# a'",
  '[]',
  '{}',
  '[ ]',
  '[] # c',
  '[]a',
  '[a, b]',
  '{a: b}',
  '{a',
  '&x a',
  '&x',
  '*x',
  '!!str 8',
  '!t',
  '|',
  '|-',
  '|+',
  '|2',
  '| # c',
  '|-  ',
  '>',
  '>-',
  '||',
  '|a',
  'a: b',
  'a:',
  'a :b',
  ': a',
  '- a',
  '-',
  '--',
  '---',
  '...',
  '?',
  '? a',
  '@a',
  '`a',
  '%a',
  '=',
  '<<',
  'a\tb',
  'a\t',
  '\ta',
  'é',
  'a\u0085b',
  'a\u2028b',
  '\ufeffa',
  'a,b',
  ',a',
  'a]',
  '}',
]
const ends = ['', '', '', '', ' ', '   ', ' # c', '#c', '\t', ':']
const breaks = [
  '\n',
  '\n',
  '\n',
  '\n',
  '\n',
  '\n\n',
  '\n# c\n',
  '\n  # c\n',
  '\n  \n',
  '\r\n',
  '\n...\n',
]

const line = fc
  .tuple(
    fc.constantFrom(...indents),
    fc.constantFrom(...dashes),
    fc.option(fc.tuple(fc.constantFrom(...keys), fc.constantFrom(...colons)), { freq: 4 }),
    fc.constantFrom(...scalars),
    fc.constantFrom(...ends),
    fc.constantFrom(...breaks),
  )
  .map(([indent, dash, key, scalar, end, lineBreak]) =>
    [indent, dash, ...(key ?? []), scalar, end, lineBreak].join(''),
  )

const calmLine = fc
  .tuple(
    fc.constantFrom('', '', '  ', '  ', '    '),
    fc.constantFrom('', '', '- '),
    fc.constantFrom('a', 'b', 'c', 'd', 'e', '"f"').map((key) => `${key}:`),
    fc.constantFrom('', '', ' 80', ' web', ' "x"', " 'y'", ' []', ' |', ' |-', ' # c'),
  )
  .map(([indent, dash, key, scalar]) => `${indent}${dash}${key}${scalar}\n`)

/** Lines that have nothing to do with each other. */
export const lineSoup: fc.Arbitrary<string> = fc
  .array(fc.oneof({ weight: 4, arbitrary: calmLine }, line), { minLength: 1, maxLength: 7 })
  .map((lines) => lines.join(''))

const morsel = fc.constantFrom(
  ...indents,
  ...dashes,
  ...keys,
  ...colons,
  ...scalars,
  ...ends,
  ...breaks,
  ' ',
  '\n',
  '\r',
  '"',
  "'",
  '{',
  '}',
  '[',
  ']',
  ',',
  '\\',
  '\u0007',
  '\ud800',
)

/** A text with a few places changed: something put in, taken out, or doubled. */
export function mutationsOf(texts: readonly string[]): fc.Arbitrary<string> {
  const change = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.constantFrom(0, 0, 1, 1, 2, 5, 30),
    twice: fc.boolean(),
    morsel,
  })
  return fc
    .tuple(fc.constantFrom(...texts), fc.array(change, { minLength: 1, maxLength: 3 }))
    .map(([text, changes]) => {
      let changed = text
      for (const { at, length, twice, morsel } of changes) {
        const from = Math.floor(at * changed.length)
        const taken = changed.slice(from, from + length)
        const put = twice ? taken + taken : morsel
        changed = changed.slice(0, from) + put + changed.slice(from + length)
      }
      return changed
    })
}

/** Values as manifests have them: what JSON can say. */
export const jsonValue: fc.Arbitrary<unknown> = fc.letrec((tie) => {
  const word = fc.oneof(
    fc.constantFrom(
      'a',
      'name',
      '80',
      'true',
      'null',
      '~',
      'yes',
      '',
      ' a',
      'a ',
      'a: b',
      'a #b',
      '- a',
    ),
    fc.constantFrom(
      'a\nb',
      'a\n',
      '\na',
      '  a\n',
      "it's",
      '"',
      '\\',
      '<<',
      '__proto__',
      '{',
      '*a',
      'é',
    ),
    fc.string(),
  )
  return {
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      word,
      fc.integer(),
      fc.constantFrom(0, 80, 30080, 1.5, -1, 1e21, true, false, null),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(word, tie('value'), { maxKeys: 4 }),
    ),
  }
}).value

/** A value as block YAML, the way that tools print it. */
export function printYAML(value: unknown, indent = 0): string {
  const margin = ' '.repeat(indent)
  if (Array.isArray(value)) {
    if (value.length === 0) return `${margin}[]\n`
    return value.map((item) => `${margin}- ${printYAML(item, indent + 2).trimStart()}`).join('')
  }
  if (typeof value !== 'object' || value === null) return `${margin}${printScalar(value)}\n`
  const entries = Object.entries(value)
  if (entries.length === 0) return `${margin}{}\n`
  return entries
    .map(([key, field]) => {
      const name = `${margin}${printScalar(key)}:`
      const isEmpty = typeof field === 'object' && Object.keys(field ?? {}).length === 0
      if (typeof field !== 'object' || isEmpty) return `${name} ${printScalar(field)}\n`
      return `${name}\n${printYAML(field, Array.isArray(field) ? indent : indent + 2)}`
    })
    .join('')
}

function printScalar(value: unknown): string {
  if (typeof value === 'object') return JSON.stringify(value)
  if (typeof value !== 'string') return String(value)
  return /^[a-z]+$/.test(value) && !/^(y|n|yes|no|on|off|true|false|null)$/.test(value)
    ? value
    : JSON.stringify(value)
}
