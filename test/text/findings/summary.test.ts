import { expect, test } from '@jest/globals'
import { printSummary } from '../../../src/text/findings/summary.ts'
import { finding, findings } from '../../support/findings.ts'

const none = { error: 0, warning: 0, note: 0 }

test.each([
  [{}, 'nothing found in 1 object of 1 file'],
  [{ files: ['a', 'b'], objects: 0 }, 'nothing found in 0 objects of 2 files'],
  [{ files: ['-'] }, 'nothing found in 1 object of standard input'],
  [{ files: ['a', '-'] }, 'nothing found in 1 object of 1 file and standard input'],
  [{ ignored: 2 }, 'nothing found in 1 object of 1 file (2 ignored)'],
  [
    { hidden: { ...none, note: 1 } },
    'nothing found in 1 object of 1 file (1 note hidden: --level note shows it)',
  ],
  [
    { hidden: { ...none, warning: 2 } },
    'nothing found in 1 object of 1 file (2 warnings hidden: --level warning shows them)',
  ],
  [
    { ignored: 1, hidden: { ...none, warning: 1, note: 1 } },
    'nothing found in 1 object of 1 file (1 ignored, 1 warning and 1 note hidden: --level note shows them)',
  ],
  [
    { findings: [finding({}), finding({ severity: 'error' }), finding({ severity: 'error' })] },
    '2 errors, 1 warning in 1 object of 1 file',
  ],
])('%j', (parts, line) => {
  expect(printSummary({ ...findings([]), ...parts })).toBe(`${line}\n`)
})
