import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { printList } from '../../../src/text/ipvsadm/list.ts'
import { parseRules } from '../../../src/text/ipvsadm/parse-rules.ts'
import { printRules } from '../../../src/text/ipvsadm/rules.ts'
import { readRecordedNames } from '../../support/recorded-names.ts'

interface Answer {
  readonly rules: string
  readonly status: number
  readonly stderr: string
  readonly list: string
  readonly thresholds: string
  readonly saved: string
}

const answers: Answer[] = JSON.parse(readFileSync('fixtures/ipvsadm-odd/answers.json', 'utf8'))
const { lookup } = readRecordedNames('fixtures/ipvsadm/_etc')

test('there are many answers', () => {
  expect(answers).toHaveLength(320)
})

test.each(answers)('ipvsadm answers the same to $rules', ({ rules, ...answer }) => {
  const { table, status, stderr } = parseRules({ name: 'rules', text: rules }, () => {}, { lookup })
  expect({
    status,
    stderr,
    list: printList(table),
    thresholds: printList(table, { thresholds: true }),
    saved: printRules(table),
  }).toEqual(answer)
})
