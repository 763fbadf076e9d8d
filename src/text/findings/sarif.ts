import { type Finding, type FindingPlace, type Findings, jsonText, relative } from './finding.ts'

/** The findings as SARIF 2.1.0, which code hosts and editors read. */
export function printSARIFFindings({ findings, rules, version }: Findings): string {
  const indexes = new Map(rules.map(({ code }, index) => [code, index]))
  const seen = new Map<string, number>()
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'nodeport',
            semanticVersion: version,
            informationUri: 'https://nodeport.io',
            rules: rules.map(({ code, severity, summary }) => ({
              id: code,
              shortDescription: { text: summary },
              helpUri: `https://nodeport.io/diagnostics#${code}`,
              help: { text: `nodeport explain ${code}` },
              defaultConfiguration: { level: severity },
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) => resultOf(finding, indexes, seen)),
      },
    ],
  }
  return `${jsonText(log)}\n`
}

function resultOf(
  finding: Finding,
  indexes: ReadonlyMap<string, number>,
  seen: Map<string, number>,
): object {
  const { code, severity, message, help, place, related = [] } = finding
  const ruleIndex = indexes.get(code)
  return {
    ruleId: code,
    ...(ruleIndex === undefined ? {} : { ruleIndex }),
    level: severity,
    message: { text: help === undefined ? message : `${message}\n${help}` },
    ...(place === undefined ? {} : { locations: [locationOf(place)] }),
    ...(related.length === 0
      ? {}
      : {
          relatedLocations: related.map((other) => ({
            ...locationOf(other.place),
            message: { text: other.label },
          })),
        }),
    partialFingerprints: { 'nodeport/v1': fingerprintOf(finding, seen) },
  }
}

function locationOf({ file, line, column, endLine, endColumn }: FindingPlace): object {
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(file) },
      region: { startLine: line, startColumn: column, endLine, endColumn },
    },
  }
}

/** A path as a URI reference: every part escaped, the slashes kept. */
function uriOf(file: string): string {
  const path = relative(file).replaceAll('\\', '/').split('/').map(encode).join('/')
  return path.startsWith('/') ? `file://${path}` : path
}

function encode(part: string): string {
  return encodeURIComponent(part.replace(/\p{Surrogate}/gu, '\ufffd'))
}

/** The same for the same fault after lines have moved: the fault, the file and the line's text. */
function fingerprintOf({ code, message, place }: Finding, seen: Map<string, number>): string {
  const subject = `${code}\n${message}\n${place?.file ?? ''}\n${place?.text ?? ''}`
  const count = (seen.get(subject) ?? 0) + 1
  seen.set(subject, count)
  return `${fnv(subject, 0x811c9dc5)}${fnv(subject, 0x01234567)}:${count}`
}

/** Fowler, Noll and Vo's hash (1a), 32 bits. */
function fnv(text: string, basis: number): string {
  let hash = basis
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  }
  return (hash >>> 0).toString(16).padStart(8, '0')
}
