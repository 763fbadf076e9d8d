import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { readDocuments } from '../../src/manifest/read.ts'
import { readAgain } from '../../src/manifest/read-again.ts'

const files = readdirSync('fixtures/reader')

test.each(files)('every document of %s says the same when it is read again', (name) => {
  const source = { name, text: readFileSync(`fixtures/reader/${name}`, 'utf8') }
  const documents = [...readDocuments(source, () => {})]
  expect(documents.length).toBeGreaterThan(0)
  for (const { document, value } of documents) expect(readAgain(document, [])).toEqual(value)
})

test.each([
  ['plain YAML', 'items:\n- name: a\n- name: b\n'],
  ['any YAML', 'items: [{name: a}, &b {name: b}]\n'],
  ['JSON', '{"items": [{"name": "a"}, {"name": "b"}]}'],
])('a path leads into %s, and nowhere where nothing is', (_, text) => {
  const [read] = [...readDocuments({ name: 'list', text }, () => {})]
  const document = read?.document
  if (document === undefined) throw new Error('nothing was read')
  expect(readAgain(document, ['items', 1, 'name'])).toBe('b')
  expect(readAgain(document, ['items', 2, 'name'])).toBeUndefined()
  expect(readAgain(document, ['items', 'constructor'])).toBeUndefined()
})
