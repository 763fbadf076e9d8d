import { lettersOf } from '../diagnostic/source.ts'
import { type Document, isFields, type Path } from './document.ts'
import { readJSON } from './json.ts'
import { notPlain, PlainReader } from './plain.ts'
import { readTree } from './tree.ts'

/**
 * What a document says at a path, read from its text once more: an object that was read keeps the
 * way back to its text and not all of its fields.
 */
export function readAgain(document: Document, path: Path): unknown {
  let value = contentOf(document)
  for (const step of path) {
    if (Array.isArray(value) && typeof step === 'number') value = value[step]
    else if (isFields(value) && Object.hasOwn(value, step)) value = value[step]
    else return undefined
  }
  return value
}

let latest: { readonly document: Document; readonly value: unknown } | undefined

/** The items of a List are asked for one after another, and have one document. */
function contentOf(document: Document): unknown {
  if (latest?.document !== document) latest = { document, value: readFresh(document) }
  return latest.value
}

function readFresh(document: Document): unknown {
  const { source, start, end, language } = document
  switch (language) {
    case 'json': {
      const read = readJSON(lettersOf(source), start, end)
      return read !== undefined && 'value' in read ? read.value : undefined
    }
    case 'plain': {
      const value = new PlainReader(source.text).read(start, end)
      return value === notPlain ? undefined : value
    }
    case 'yaml':
      return readTree(document, () => {})?.value
  }
}
