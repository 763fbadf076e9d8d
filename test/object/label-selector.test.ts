import { describe, expect, test } from '@jest/globals'
import { matchesLabels, parseLabelSelector } from '../../src/object/label-selector.ts'

const labels = { app: 'web', tier: 'front', 'example.com/canary': '', replicas: '3' }

describe('labels app=web, tier=front, example.com/canary=, replicas=3 are chosen', () => {
  test.each([
    ['', true],
    ['app', true],
    ['!app', false],
    ['app=web', true],
    ['app==web', true],
    ['app = web , tier!=back', true],
    ['app!=web', false],
    ['nope!=web', true],
    ['nope', false],
    ['!nope', true],
    ['app in (web, db)', true],
    ['app in (db)', false],
    ['app notin (db)', true],
    ['app notin (web)', false],
    ['nope notin (web)', true],
    ['example.com/canary=', true],
    ['example.com/canary', true],
    ['example.com/canary in ()', true],
    ['example.com/canary in (,x)', true],
    ['nope=', false],
    ['replicas>2', true],
    ['replicas>3', false],
    ['replicas<4', true],
    ['app>2', false],
    ['app=web,tier=front,!nope', true],
    ['app=web,tier=back', false],
    ['in=notin', false],
    ['constructor', false],
  ])('by %j: %s', (text, chosen) => {
    const selector = parseLabelSelector(text)
    if (typeof selector === 'string') throw new Error(selector)
    expect(matchesLabels(selector, labels)).toBe(chosen)
  })
})

const keyRule =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
const valueRule =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"

describe('what is no selector is refused in the words of the server', () => {
  test.each([
    ['=', "found '=', expected: !, identifier, or 'end of string'"],
    [',app', "found ',', expected: !, identifier, or 'end of string'"],
    ['app,', "found '', expected: identifier after ','"],
    ['app,,tier', "found ',', expected: identifier after ','"],
    ['app=web=db', "found '=', expected: ',' or 'end of string'"],
    ['!app=web', "found '=', expected: ',' or 'end of string'"],
    ['app web', "unable to parse requirement: found 'web', expected: in, notin, =, ==, !=, gt, lt"],
    ['!', "unable to parse requirement: found '', expected: identifier"],
    ['app==(', "unable to parse requirement: found '(', expected: identifier"],
    ['app in web', "unable to parse requirement: found 'web' expected: '('"],
    ['app in (', "unable to parse requirement: found '', expected: ',', ')' or identifier"],
    ['app in (web', "unable to parse requirement: found '', expected: ',' or ')'"],
    ['app in (web,', "unable to parse requirement: found '', expected: ',', or identifier"],
    ['app in (web=', "unable to parse requirement: found '=', expected: ',' or ')'"],
    ['-app', `unable to parse requirement: <nil>: Invalid value: "-app": ${keyRule}`],
    ['app=-', `unable to parse requirement: values[0][app]: Invalid value: "-": ${valueRule}`],
    [
      'app in (a,b-)',
      `unable to parse requirement: values[1][app]: Invalid value: "b-": ${valueRule}`,
    ],
    [
      'app>x',
      `unable to parse requirement: values[0]: Invalid value: "x": for 'Gt', 'Lt' operators, the value must be an integer`,
    ],
  ])('%j', (text, sentence) => {
    expect(parseLabelSelector(text)).toBe(sentence)
  })
})
