import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { understand } from '../../src/compile.ts'
import type { Diagnostic } from '../../src/diagnostic/diagnostic.ts'
import { plain, renderDiagnostic } from '../../src/diagnostic/frame.ts'
import { defaultPools } from '../../src/pool/allocate.ts'
import { withoutIgnored } from '../../src/survey/ignore.ts'
import { survey } from '../../src/survey/survey.ts'
import { defaultSettings } from '../../src/table/service-settings.ts'
import { findingOf } from '../../src/text/findings/finding.ts'
import { valuesIn } from '../support/documents.ts'
import { mutationsOf } from '../support/near-yaml.ts'

// What must be true of a check of any text: of every example of a finding with a few letters changed.

const root = 'fixtures/diagnostics'
const examples = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => readFileSync(join(root, file), 'utf8'))
const charts = readdirSync('fixtures/charts').map((file) =>
  readFileSync(join('fixtures/charts', file), 'utf8'),
)
const texts = mutationsOf([...examples, ...charts])

function check(text: string): readonly Diagnostic[] {
  const sources = [{ name: 'a.yaml', text }]
  const facts = {
    pools: defaultPools,
    held: new Map(),
    ephemeral: { range: { first: 32000, last: 60999 }, reserved: [] },
    node: 'node-a',
    hostAddresses: [],
    drainTimeout: 60,
  }
  const read = understand(sources, { ...facts, settings: defaultSettings })
  const found = [...read.diagnostics]
  survey({ ...read, sources }, facts, (diagnostic) => void found.push(diagnostic))
  return withoutIgnored(found, { sources, cluster: read.cluster }).kept
}

describe('no text', () => {
  test('makes a check throw, and all that it finds lies in the text and can be shown', () => {
    fc.assert(
      fc.property(texts, (text) => {
        for (const diagnostic of check(text)) {
          const places = [diagnostic, ...(diagnostic.related ?? [])]
          for (const { at } of places) {
            const { start, end } = at?.span() ?? { start: 0, end: 0 }
            expect(0 <= start && start <= end && end <= text.length).toBe(true)
          }
          expect(renderDiagnostic(diagnostic, plain)).not.toMatch(/[^\n\P{Cc}]/u)
          expect(findingOf(diagnostic).message).toBe(diagnostic.message)
        }
      }),
      { numRuns: 1000 },
    )
  })
})

describe('a value that is refused', () => {
  const junk = fc.constantFrom(
    ...['0', '-1', '70000', 'Web', '"a b"', '"80"', '10.0.0', '300.1.1.1', '"::g"', 'Nobody'],
    ...['None', '1.2.3.4/99', 'a_b', '"é"', "'it''s'", '"\\e"', '127.0.0.1', '"-"', 'x--y'],
  )
  const field = fc.constantFrom(
    ...['name', 'port', 'targetPort', 'protocol', 'nodePort', 'clusterIP', 'type', 'appProtocol'],
    ...['sessionAffinity', 'externalTrafficPolicy', 'ipFamilyPolicy', 'healthCheckNodePort'],
    ...['namespace', 'app', 'timeoutSeconds', 'loadBalancerClass', 'trafficDistribution'],
  )
  const full = `apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
  labels: {app: web}
spec:
  type: LoadBalancer
  clusterIP: 10.96.0.9
  selector: {app: web}
  sessionAffinity: ClientIP
  sessionAffinityConfig: {clientIP: {timeoutSeconds: 60}}
  externalTrafficPolicy: Local
  healthCheckNodePort: 30010
  ipFamilyPolicy: SingleStack
  trafficDistribution: PreferClose
  loadBalancerClass: example.com/lb
  loadBalancerSourceRanges: [10.0.0.0/8]
  externalIPs: [203.0.113.5]
  ports:
  - {name: http, port: 80, targetPort: 8080, protocol: TCP, nodePort: 30080, appProtocol: http}
`
  // A target port of 0 is not what is refused: the port takes its place.
  const change = fc
    .tuple(field, junk)
    .filter(([key, value]) => key !== 'targetPort' || value !== '0')
  const changed = fc
    .array(change, { minLength: 1, maxLength: 3 })
    .map((changes) =>
      changes.reduce(
        (text, [key, value]) =>
          text.replace(new RegExp(`(\\b${key}: )[^,}\\n]+`), (_, start) => start + value),
        full,
      ),
    )

  test('is what the place of the finding shows', () => {
    fc.assert(
      fc.property(changed, (text) => {
        for (const { message, at } of check(text)) {
          const [, value] = /^\S+: \w+ value: ("(?:[^"\\]|\\.)*"|-?\d+)(?::|$)/.exec(message) ?? []
          if (value === undefined || at === undefined) continue
          const { start, end } = at.span()
          expect([message, shown(text.slice(start, end))]).toEqual([message, read(value)])
        }
      }),
      { numRuns: 500 },
    )
  })

  function shown(text: string): string {
    return String(valuesIn(`- ${text}`).flat()[0])
  }

  /** Go escapes what JSON has another word for. */
  function read(value: string): string {
    return String(JSON.parse(value.replaceAll('\\x1b', '\\u001b')))
  }
})
