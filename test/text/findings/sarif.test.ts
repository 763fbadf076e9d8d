import { describe, expect, test } from '@jest/globals'
import { printSARIFFindings } from '../../../src/text/findings/sarif.ts'
import { run } from '../../support/console.ts'
import { finding, findings, place } from '../../support/findings.ts'
import { sarifFaults } from '../../support/sarif.ts'

/** The only run of the log that some findings become. */
function runOf(found: Parameters<typeof findings>[0]) {
  const log = JSON.parse(printSARIFFindings(findings(found)))
  expect(sarifFaults(log)).toEqual([])
  return log.runs[0]
}

/** What a code host tells findings apart by. */
function fingerprintsOf(found: Parameters<typeof findings>[0]): string[] {
  return runOf(found).results.map(
    (result: { partialFingerprints: Record<string, string> }) =>
      result.partialFingerprints['nodeport/v1'],
  )
}

test('a log has a tool with rules, and a result for each finding', () => {
  const related = [{ label: 'the other', place: place({ file: 'b.yaml', line: 7, endLine: 7 }) }]
  const at = place({ line: 3, column: 5, endLine: 3, endColumn: 9 })
  expect(runOf([finding({ help: 'see to it', place: at, related })])).toEqual({
    tool: {
      driver: {
        name: 'nodeport',
        semanticVersion: '1.2.3',
        informationUri: 'https://nodeport.io',
        rules: [
          {
            id: 'no-endpoints',
            shortDescription: { text: 'a Service has endpoints' },
            helpUri: 'https://nodeport.io/diagnostics#no-endpoints',
            help: { text: 'nodeport explain no-endpoints' },
            defaultConfiguration: { level: 'warning' },
          },
          expect.objectContaining({ id: 'invalid-value' }),
        ],
      },
    },
    columnKind: 'utf16CodeUnits',
    results: [
      {
        ruleId: 'no-endpoints',
        ruleIndex: 0,
        level: 'warning',
        message: { text: 'nobody answers\nsee to it' },
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: 'web.yaml' },
              region: { startLine: 3, startColumn: 5, endLine: 3, endColumn: 9 },
            },
          },
        ],
        relatedLocations: [
          {
            physicalLocation: {
              artifactLocation: { uri: 'b.yaml' },
              region: { startLine: 7, startColumn: 1, endLine: 7, endColumn: 2 },
            },
            message: { text: 'the other' },
          },
        ],
        partialFingerprints: { 'nodeport/v1': expect.stringMatching(/^[0-9a-f]{16}:1$/) },
      },
    ],
  })
})

describe('a path is a URI', () => {
  test.each([
    ['./deploy/web.yaml', 'deploy/web.yaml'],
    ['../web.yaml', '../web.yaml'],
    ['/srv/web.yaml', 'file:///srv/web.yaml'],
    ['deploy\\web.yaml', 'deploy/web.yaml'],
    ['a b#c?d%e/é.yaml', 'a%20b%23c%3Fd%25e/%C3%A9.yaml'],
    ['\ud800.yaml', '%EF%BF%BD.yaml'],
  ])('%j', (file, uri) => {
    const [{ locations }] = runOf([finding({ place: place({ file }) })]).results
    expect(locations[0].physicalLocation.artifactLocation).toEqual({ uri })
  })
})

describe('a fingerprint', () => {
  const here = finding({ place: place({ line: 3, endLine: 3 }) })

  test('stays when lines are put before it', () => {
    expect(fingerprintsOf([here])).toEqual(
      fingerprintsOf([finding({ place: place({ line: 9, endLine: 9 }) })]),
    )
  })

  test('is another for another fault, another file, another line of text', () => {
    const others = [
      here,
      finding({ ...here, message: 'somebody answers' }),
      finding({ place: place({ file: 'b.yaml' }) }),
      finding({ place: place({ text: 'kind: Endpoints' }) }),
    ]
    expect(new Set(fingerprintsOf(others)).size).toBe(others.length)
  })

  test('of the same line again is counted', () => {
    const [one = '', two = ''] = fingerprintsOf([here, here])
    expect(two).toBe(one.replace(/:1$/, ':2'))
  })
})

test('a check of every example of a finding is a log as it should be', async () => {
  const args = ['check', '-R', '-f', 'fixtures/diagnostics', '--level', 'note', '--format', 'sarif']
  const log = JSON.parse((await run(args, '.')).out)
  expect(sarifFaults(log)).toEqual([])
  expect(log.runs[0].results.length).toBeGreaterThan(50)
})
