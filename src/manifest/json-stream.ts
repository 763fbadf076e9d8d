import { duplicateKey, jsonSyntax } from '../diagnostic/complaints.ts'
import type { Report } from '../diagnostic/diagnostic.ts'
import { lettersOf, lineAt, noteLine, type Source } from '../diagnostic/source.ts'
import { type Document, type ReadDocument, type Stretch, spanOf } from './document.ts'
import { readJSONLazily, type UnreadItems } from './json.ts'
import { faultsIn, type JSONFault } from './json-faults.ts'
import { afterBlanks, isBracket } from './json-words.ts'

export function beginsAsJSON({ source, start, end }: Stretch): boolean {
  const letters = lettersOf(source)
  return isBracket(letters, afterBlanks(letters, start, end))
}

/**
 * Reads the objects of a stretch of JSON, of which many may follow each other. Where the first of
 * them is no JSON nothing is reported: the fault is the answer, and another reader can try.
 */
export function* readJSONStream(
  stretch: Stretch,
  report: Report,
): Generator<ReadDocument, JSONFault | undefined> {
  const { source, start, end } = stretch
  const letters = lettersOf(source)
  const first = afterBlanks(letters, start, end)
  for (let at = first; at < end; ) {
    const read = isBracket(letters, at) ? readJSONLazily(letters, at, end) : undefined
    if (read === undefined) {
      const fault = faultAt(source, at, end)
      if (at === first) return fault
      report(jsonSyntax(fault.reason).at(spanOf(stretch, fault.start, fault.end)))
      return undefined
    }
    if ('said' in read) {
      report(read.said.at(spanOf(stretch, read.at, read.at + 1)))
      return undefined
    }
    const { lists, value } = read
    const document: Document = { source, start: at, end: read.end, language: 'json', lists }
    let isBroken = false
    if (read.items !== undefined) {
      const items = itemsOf(document, read.items, report, () => {
        isBroken = true
      })
      yield { document, value, items, disputed: [] }
    } else if (!read.faulty || isReadable(document, report)) yield { document, value, disputed: [] }
    if (isBroken) return undefined
    at = afterBlanks(letters, read.end, end)
  }
  return undefined
}

/** Items as far as they can be read. */
function* itemsOf(
  document: Document,
  items: UnreadItems,
  report: Report,
  breakOff: () => void,
): Generator<unknown, void> {
  const { source } = document
  const before = lineAt(source, document.start)
  let isReported = false
  for (let index = 0; index < items.length; index++) {
    const item = items.read(index)
    if (item === undefined) {
      const fault = faultAt(source, document.start, document.end)
      report(jsonSyntax(fault.reason).at(spanOf(document, fault.start, fault.end)))
      return breakOff()
    }
    if (item.faulty && !isReported) {
      isReported = true
      if (!isReadable(document, report)) return
    }
    const { offset, line, start } = item.place
    const isFirst = line === 0
    noteLine(source, offset, { line: before.line + line, start: isFirst ? before.start : start })
    yield item.value
  }
}

function faultAt(source: Source, at: number, end: number): JSONFault {
  const reason = 'expected "{", "[" or the end of the text'
  const other = { start: at, end: at + 1, reached: at, reason }
  if (!isBracket(lettersOf(source), at)) return other
  return faultsIn(source.text, at, end).syntax ?? other
}

/** Reports what JSON.parse does not mind, and tells whether there is a value all the same. */
function isReadable(document: Document, report: Report): boolean {
  const { source, start, end } = document
  const { repeated, tooLarge } = faultsIn(source.text, start, end)
  for (const { key, first, again } of repeated) {
    const there = { at: spanOf(document, ...first), label: 'first given here' }
    report(duplicateKey(key).at(spanOf(document, ...again), there))
  }
  for (const fault of tooLarge) {
    report(jsonSyntax(fault.reason).at(spanOf(document, fault.start, fault.end)))
  }
  return tooLarge.length === 0
}
