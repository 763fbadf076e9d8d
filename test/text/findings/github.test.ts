import { describe, expect, test } from '@jest/globals'
import { printGitHubFindings } from '../../../src/text/findings/github.ts'
import { finding, findings, place } from '../../support/findings.ts'

/** The annotation that a finding becomes. */
function annotation(parts: Parameters<typeof finding>[0]): string {
  return printGitHubFindings(findings([finding(parts)]))
}

describe('an annotation', () => {
  test.each<[string, Parameters<typeof finding>[0], string]>([
    [
      'has the place, the code and the message',
      { place: place({ line: 3, column: 5, endLine: 3, endColumn: 9 }) },
      '::warning file=web.yaml,line=3,endLine=3,col=5,endColumn=9,title=no-endpoints::nobody answers\n',
    ],
    [
      'has no columns where it goes over several lines, as GitHub wants it',
      { place: place({ line: 3, column: 5, endLine: 4, endColumn: 9 }) },
      '::warning file=web.yaml,line=3,endLine=4,title=no-endpoints::nobody answers\n',
    ],
    ['of an error', { severity: 'error' }, '::error title=no-endpoints::nobody answers\n'],
    ['of a note', { severity: 'note' }, '::notice title=no-endpoints::nobody answers\n'],
    [
      'of standard input has no file',
      { place: place({ file: '-' }) },
      '::warning title=no-endpoints::nobody answers\n',
    ],
    [
      'has help on a line of its own',
      { help: 'write "a"' },
      '::warning title=no-endpoints::nobody answers%0Ahelp: write "a"\n',
    ],
    [
      'cannot be ended by what a manifest says',
      { message: '100% of\r\n::error::a::b, c' },
      '::warning title=no-endpoints::100%25 of\\x0d%0A::error::a::b, c\n',
    ],
    [
      'cannot be led astray by the name of a file',
      { place: place({ file: './a,b:c%d/e\n.yaml' }) },
      '::warning file=a%2Cb%3Ac%25d/e%0A.yaml,line=1,endLine=1,col=1,endColumn=2,title=no-endpoints::nobody answers\n',
    ],
    [
      'shows no control characters',
      { message: 'a\x1b[31m' },
      '::warning title=no-endpoints::a\\x1b[31m\n',
    ],
  ])('%s', (_, parts, expected) => {
    expect(annotation(parts)).toBe(expected)
  })
})
