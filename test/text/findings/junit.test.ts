import { describe, expect, test } from '@jest/globals'
import { printJUnitFindings } from '../../../src/text/findings/junit.ts'
import { finding, findings, place } from '../../support/findings.ts'

test('there is a suite for a file, and a case for a finding', () => {
  const found = [
    finding({ severity: 'error', code: 'invalid-value', place: place({ line: 3, column: 5 }) }),
    finding({ severity: 'note', help: 'see to it', place: place({ line: 4 }) }),
  ]
  expect(
    printJUnitFindings(findings(found, ['web.yaml', 'good.yaml'])),
  ).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="nodeport check" tests="3" failures="1">
  <testsuite name="web.yaml" tests="2" failures="1">
    <testcase classname="web.yaml" name="invalid-value 3:5">
      <failure type="error" message="nobody answers">error[invalid-value]: nobody answers
 --&gt; web.yaml:3:5
 | kind: Service</failure>
    </testcase>
    <testcase classname="web.yaml" name="no-endpoints 4:1">
      <system-out>note[no-endpoints]: nobody answers
 --&gt; web.yaml:4:1
 | kind: Service
help: see to it</system-out>
    </testcase>
  </testsuite>
  <testsuite name="good.yaml" tests="1" failures="0">
    <testcase classname="good.yaml" name="nothing found"/>
  </testsuite>
</testsuites>
`)
})

test('what is in no file has a suite of its own', () => {
  const text = printJUnitFindings(findings([finding({})]))
  expect(text).toContain('<testsuite name="nodeport" tests="1" failures="1">')
  expect(text).toContain('tests="2" failures="1"')
})

describe('XML can say everything that a manifest says', () => {
  test.each([
    ['<&">', '&lt;&amp;&quot;&gt;'],
    [']]>', ']]&gt;'],
    ['a\x00\x1b\x7f', 'a\\x00\\x1b\\x7f'],
    ['a\nb', 'a\\x0ab'],
    ['\ud800', '\\ud800'],
    ['\ufffe\uffff', ''],
    ['é 界 😀', 'é 界 😀'],
  ])('%j', (message, written) => {
    expect(printJUnitFindings(findings([finding({ message })]))).toContain(`message="${written}"`)
  })
})
