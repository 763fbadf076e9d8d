// What SARIF 2.1.0 asks of the part of a log that nodeport writes: which properties an object of it
// must have and may have, and what stands in them. Objects of the format are closed: there is
// nothing in them that the standard does not know.

type Check = (value: unknown, path: string) => string[]

/** What is wrong with a log, as far as the standard goes; nothing where it is as it should be. */
export function sarifFaults(log: unknown): string[] {
  return sarifLog(log, '$')
}

function text(value: unknown, path: string): string[] {
  return typeof value === 'string' ? [] : [`${path} is no string`]
}

function number(least: number): Check {
  return (value, path) =>
    Number.isInteger(value) && (value as number) >= least ? [] : [`${path} is no number`]
}

function constant(...among: readonly unknown[]): Check {
  return (value, path) => (among.includes(value) ? [] : [`${path} is ${JSON.stringify(value)}`])
}

/** A reference as RFC 3986 has it: percent signs begin escapes, and nothing else is outside of it. */
function uriReference(value: unknown, path: string): string[] {
  const isOne =
    typeof value === 'string' &&
    /^([\w.~:/?#[\]@!$&'()*+,;=-]|%[0-9A-F]{2})*$/.test(value) &&
    !/^[^/]*:(?!\/\/)/.test(value)
  return isOne ? [] : [`${path} is no URI: ${JSON.stringify(value)}`]
}

function uri(value: unknown, path: string): string[] {
  return [
    ...uriReference(value, path),
    ...(/^\w+:\/\//.test(String(value)) ? [] : [`${path} is relative`]),
  ]
}

function list(of: Check, { isSet = false } = {}): Check {
  return (value, path) => {
    if (!Array.isArray(value)) return [`${path} is no array`]
    const texts = value.map((item) => JSON.stringify(item))
    const repeated = isSet && new Set(texts).size < texts.length ? [`${path} repeats itself`] : []
    return [...repeated, ...value.flatMap((item, index) => of(item, `${path}[${index}]`))]
  }
}

function mapOf(of: Check): Check {
  return (value, path) =>
    Object.entries(Object(value)).flatMap(([key, it]) => of(it, `${path}.${key}`))
}

function object(properties: Readonly<Record<string, Check>>, required: readonly string[]): Check {
  return (value, path) => {
    if (typeof value !== 'object' || value === null) return [`${path} is no object`]
    const missing = required.filter((key) => !Object.hasOwn(value, key))
    return [
      ...missing.map((key) => `${path}.${key} is missing`),
      ...Object.entries(value).flatMap(
        ([key, it]) => properties[key]?.(it, `${path}.${key}`) ?? [`${path}.${key} is unknown`],
      ),
    ]
  }
}

const level = constant('none', 'note', 'warning', 'error')
const message = object({ text, markdown: text, id: text, arguments: list(text) }, ['text'])
const multiformat = object({ text, markdown: text }, ['text'])

const region = object(
  { startLine: number(1), startColumn: number(1), endLine: number(1), endColumn: number(1) },
  ['startLine'],
)
const physicalLocation = object(
  {
    artifactLocation: object({ uri: uriReference, uriBaseId: text, index: number(-1) }, []),
    region,
  },
  ['artifactLocation'],
)
const location = object({ id: number(-1), physicalLocation, message }, [])

const rule = object(
  {
    id: text,
    name: text,
    shortDescription: multiformat,
    fullDescription: multiformat,
    helpUri: uri,
    help: multiformat,
    defaultConfiguration: object({ level }, []),
  },
  ['id'],
)

const result = object(
  {
    ruleId: text,
    ruleIndex: number(-1),
    level,
    message,
    locations: list(location),
    relatedLocations: list(location, { isSet: true }),
    partialFingerprints: mapOf(text),
  },
  ['message'],
)

const driver = object(
  {
    name: text,
    semanticVersion: text,
    informationUri: uri,
    rules: list(rule, { isSet: true }),
  },
  ['name'],
)

const sarifLog = object(
  {
    $schema: uri,
    version: constant('2.1.0'),
    runs: list(
      object(
        {
          tool: object({ driver }, ['driver']),
          columnKind: constant('utf16CodeUnits', 'unicodeCodePoints'),
          results: list(result),
        },
        ['tool'],
      ),
    ),
  },
  ['version', 'runs'],
)
