import { describe, expect, test } from '@jest/globals'
import { sortByField } from '../../../src/text/kubectl/sort-by.ts'

const objects = [
  { name: 'c', labels: { 'a.b/c': '10', v: '1Ki' }, ports: [{ port: 80 }, { port: 7 }], type: 'A' },
  { name: 'a', labels: { 'a.b/c': '9', v: '1k' }, ports: [{ port: 443 }], type: 'B' },
  { name: 'd', labels: {}, ports: [{ port: 53 }, { port: 9 }], when: null },
  { name: 'b', labels: { v: '2' }, ports: [{ port: 80 }, { port: 8 }] },
]

describe('objects stand in the order of', () => {
  test.each([
    ['.name', 'abcd'],
    ['name', 'abcd'],
    ['{.name}', 'abcd'],
    ['{name}', 'abcd'],
    ['.ports[0].port', 'dcba'],
    ['.ports[-1].port', 'cbda'],
    ['.ports[*].port', 'dcba'],
    ['.type', 'bdca'],
    ['.labels.v', 'dbac'],
    ['.labels.a\\.b/c', 'bdac'],
    [".labels['a\\.b/c']", 'bdac'],
    ['.when', 'bacd'],
  ])('%s', (path, order) => {
    const sorted = sortByField(objects, path, (it) => it)
    if (typeof sorted === 'string') throw new Error(sorted)
    expect(sorted.map(({ name }) => name).join('')).toBe(order)
  })
})

describe('what cannot be sorted by', () => {
  test.each([
    ['.nope', `couldn't find any field with path "{.nope}" in the list of objects`],
    ['.ports[1].port', 'array index out of bounds: index 1, length 1'],
    ['.labels[0]', 'map[string]interface {} is not array or slice'],
    ['.labels', 'unsortable type: map[string]interface {}'],
    ['.ports', 'unsortable type: []interface {}'],
    ['.ports[x]', 'invalid array index x'],
    ['.a..b', 'unexpected "." in path ".a..b"'],
    [
      '{.name',
      "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'",
    ],
  ])('%s', (path, sentence) => {
    expect(sortByField(objects, path, (it) => it)).toBe(sentence)
  })
})

test('nothing is in order already', () => {
  expect(sortByField([], '.nope', (it) => it)).toEqual([])
})
