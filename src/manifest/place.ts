import { lettersOf, type Place, type Span, spanIn } from '../diagnostic/source.ts'
import { type Document, originOf, type Part, type Path } from './document.ts'
import { JSONOutline } from './json-outline.ts'
import type { Entry, Extent, Outline } from './outline.ts'
import { PlainOutline } from './plain-outline.ts'
import { TreeOutline } from './tree-outline.ts'

export type { Part }

/** The place of a value in a document. Nothing is looked for until somebody asks for its span. */
export function placeIn(document: Document, path: Path, part: Part = 'value'): Place {
  let span: Span | undefined
  return {
    span: () => {
      span ??= spanOf(document, path, part)
      return span
    },
  }
}

/**
 * Where a value stands, found by reading its document again. Where the path leads to nothing, the
 * place is the nearest thing above that is there.
 */
function spanOf(document: Document, path: Path, part: Part): Span {
  const { source, start } = document
  const [from, to] = find(outlineOf(document), path, part) ?? [start, start]
  return spanIn(source, from, to, originOf(document))
}

/** Faults name places here and there, so what was once looked at is kept as long as its document. */
const outlines = new WeakMap<Document, Outline>()

function outlineOf(document: Document): Outline {
  const known = outlines.get(document)
  if (known !== undefined) return known
  const outline = newOutline(document)
  outlines.set(document, outline)
  return outline
}

function newOutline(document: Document): Outline {
  const { source, start, end, language, lists } = document
  switch (language) {
    case 'json':
      return new JSONOutline(lettersOf(source), start, end, lists)
    case 'plain':
      return new PlainOutline(source.text, start, end)
    case 'yaml':
      return new TreeOutline(document)
  }
}

function find(outline: Outline, path: Path, part: Part): Extent | undefined {
  const entries: Entry[] = []
  let node = outline.root
  for (const step of path) {
    const entry = outline.follow(node, step)
    if (entry === undefined) break
    entries.push(entry)
    node = entry.node
  }
  const arrived = entries.length === path.length
  return shown(outline, entries, arrived ? part : 'key')
}

/** A block, which goes over many lines, is shown by its key, and so is a value that is nothing. */
function shown(outline: Outline, entries: readonly Entry[], part: Part): Extent | undefined {
  const last = entries.at(-1)
  if (last === undefined) return outline.extent(outline.root)
  const { key, node } = last
  if (part === 'whole') return outline.extent(node) ?? key
  if (key !== undefined && (part === 'key' || outline.isBlock(node))) return key
  return outline.extent(node) ?? key ?? shown(outline, entries.slice(0, -1), 'key')
}
