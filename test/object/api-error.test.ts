import { describe, expect, test } from '@jest/globals'
import {
  duplicate,
  entry,
  field,
  forbidden,
  invalid,
  kubectlAlone,
  kubectlAmongOthers,
  required,
  sentenceOf,
  textOf,
  tooLong,
  tooMany,
  unsupported,
} from '../../src/object/api-error.ts'
import { byteLength, json, quote } from '../../src/object/go-text.ts'

describe('an error is written as the server writes it', () => {
  test.each([
    [required(field('spec', 'ports')), 'spec.ports: Required value'],
    [required(field('a'), 'must be'), 'a: Required value: must be'],
    [invalid(field('a', 0, 'b'), '0', 'must not'), 'a[0].b: Invalid value: 0: must not'],
    [invalid(entry(field('a'), 'b.c/d'), quote('e'), 'no'), 'a[b.c/d]: Invalid value: "e": no'],
    [duplicate(field('a', 1), quote('b'), ['a', 0]), 'a[1]: Duplicate value: "b"'],
    [
      unsupported(field('a'), 'b', ['C', 'D']),
      'a: Unsupported value: "b": supported values: "C", "D"',
    ],
    [forbidden(field('a'), 'may not'), 'a: Forbidden: may not'],
    [tooLong(field('a'), 5), 'a: Too long: may not be more than 5 bytes'],
    [tooMany(field('a'), 6, 5), 'a: Too many: 6: must have at most 5 items'],
  ])('%#: %s', (error, text) => {
    expect(textOf(error)).toBe(text)
  })
})

describe('the answer to an object', () => {
  const one = [invalid(field('a'), '1', 'no')]
  const two = [...one, required(field('b')), ...one]

  test('has brackets around several errors, and says none twice', () => {
    expect(sentenceOf('Service', 'x', one)).toBe('Service "x" is invalid: a: Invalid value: 1: no')
    expect(sentenceOf('EndpointSlice.discovery.k8s.io', 'x', two)).toBe(
      'EndpointSlice.discovery.k8s.io "x" is invalid: [a: Invalid value: 1: no, b: Required value]',
    )
  })

  test('is a list in kubectl, where the object is the only one refused', () => {
    expect(kubectlAlone('Service', 'x', one)).toBe(
      'The Service "x" is invalid: a: Invalid value: 1: no',
    )
    expect(kubectlAlone('EndpointSlice.discovery.k8s.io', 'x', two)).toBe(
      'The EndpointSlice "x" is invalid: \n* a: Invalid value: 1: no\n* b: Required value',
    )
  })

  test('is a line in kubectl, where several objects are refused', () => {
    expect(kubectlAmongOthers('bad.yaml', 'Service', 'x', one)).toBe(
      'Error from server (Invalid): error when creating "bad.yaml": Service "x" is invalid: a: Invalid value: 1: no',
    )
  })
})

describe('a text in quotes is what Go prints', () => {
  test.each([
    ['plain', '"plain"'],
    ['"\\', '"\\"\\\\"'],
    ['\x07\b\f\n\r\t\v', '"\\a\\b\\f\\n\\r\\t\\v"'],
    ['\x00\x1b\x7f', '"\\x00\\x1b\\x7f"'],
    ['grüße 서비스 🎉', '"grüße 서비스 🎉"'],
    ['\u00a0\u200b\u{e0001}', '"\\u00a0\\u200b\\U000e0001"'],
  ])('%j', (text, quoted) => {
    expect(quote(text)).toBe(quoted)
  })
})

test('JSON is safe inside HTML, as Go writes it', () => {
  expect(json(['<a&b>', '\u2028'])).toBe('["\\u003ca\\u0026b\\u003e","\\u2028"]')
})

test.each(['', 'a', 'ü', '서', '🎉', 'aü서🎉'])('Go counts the bytes of %j', (text) => {
  expect(byteLength(text)).toBe(new TextEncoder().encode(text).length)
})
