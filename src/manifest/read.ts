import { lineFeed, space, tab } from '../diagnostic/codes.ts'
import {
  controlCharacter,
  jsonSyntax,
  notText,
  tooLarge,
  tooManyFaults,
} from '../diagnostic/complaints.ts'
import type { Diagnostic, Report } from '../diagnostic/diagnostic.ts'
import type { Source } from '../diagnostic/source.ts'
import { type ReadDocument, type Stretch, spanOf } from './document.ts'
import type { JSONFault } from './json-faults.ts'
import { beginsAsJSON, readJSONStream } from './json-stream.ts'
import { inMebibytes, largest, longestFlow, mostFaults } from './limits.ts'
import { notPlain, PlainReader } from './plain.ts'
import { stretchesOf } from './stretches.ts'
import { readTree } from './tree.ts'

/**
 * Reads the documents of a source, one after another, so that each can be let go of before the next
 * is read. A document that cannot be read is reported and hides no other.
 */
export function* readDocuments(source: Source, report: Report): Generator<ReadDocument> {
  let faults = 0
  const tell: Report = (diagnostic) => {
    faults += 1
    if (faults <= mostFaults) report(diagnostic)
    else if (faults === mostFaults + 1) report(tooManyFaults(mostFaults).at(diagnostic.at))
  }
  let reader: PlainReader | undefined
  const plain = () => {
    reader ??= new PlainReader(source.text)
    return reader
  }
  for (const stretch of stretchesOf(source, tell)) {
    if (faults > mostFaults) return
    yield* readStretch(stretch, plain, tell)
  }
}

function* readStretch(
  stretch: Stretch,
  plain: () => PlainReader,
  report: Report,
): Generator<ReadDocument, void> {
  const { start, end } = stretch
  const bad = badByteIn(stretch)
  if (end - start > largest) {
    report(tooLarge(inMebibytes(largest)).at(spanOf(stretch, start, start + 1)))
  } else if (bad !== undefined) {
    report(notText('this is not UTF-8').at(spanOf(stretch, bad, bad + 1)))
  } else if (beginsAsJSON(stretch)) {
    const fault = yield* readJSONStream(stretch, report)
    if (fault !== undefined) yield* readFlow(stretch, fault, plain, report)
  } else yield* readYAML(stretch, plain, report)
}

/** Whether a stretch holds more than printable ASCII. A loop is four times as fast as an expression. */
function isUnusual({ source: { text }, start, end }: Stretch): boolean {
  for (let at = start; at < end; at++) {
    const letter = text.charCodeAt(at)
    if ((letter < space && letter !== lineFeed && letter !== tab) || letter > 126) return true
  }
  return false
}

/** Where a text is known to hold bytes that are no text, later replacements are taken for such. */
function badByteIn({ source, start, end }: Stretch): number | undefined {
  const { firstBad } = source
  if (firstBad === undefined || firstBad >= end) return undefined
  const from = Math.max(start, firstBad)
  const at = source.text.slice(from, end).indexOf('\ufffd')
  return at < 0 ? undefined : from + at
}

function* readYAML(
  stretch: Stretch,
  plain: () => PlainReader,
  report: Report,
): Generator<ReadDocument, void> {
  const { source, start, end } = stretch
  const unusual = isUnusual(stretch) ? source.text.slice(start, end) : undefined
  const control = unusual === undefined ? -1 : firstControl(unusual)
  if (control >= 0) return report(controlFault(stretch, start + control))
  const isPlain = unusual === undefined || !/\r(?!\n)/.test(unusual)
  const value = isPlain ? plain().read(start, end) : notPlain
  if (value !== notPlain) {
    yield { document: { source, start, end, language: 'plain' }, value, disputed: [] }
    return
  }
  const read = readTree({ source, start, end, language: 'yaml' }, report)
  if (read !== undefined) yield read
}

/** Where the first is that Go's YAML takes for no letter of a text, or half a letter; else -1. */
function firstControl(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is for
  return text.search(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]|\p{Surrogate}/u)
}

function controlFault(stretch: Stretch, at: number): Diagnostic {
  const code = stretch.source.text.codePointAt(at) ?? 0
  const place = spanOf(stretch, at, at + 1)
  if (code === 0) return notText('this is a NUL, so the file is binary, not text').at(place)
  return controlCharacter(`U+${code.toString(16).toUpperCase().padStart(4, '0')}`).at(place)
}

/**
 * What begins as JSON and is none may be YAML of the same brackets, and is then read as such. When
 * it is neither, the reader that came further tells why.
 */
function* readFlow(
  stretch: Stretch,
  fault: JSONFault,
  plain: () => PlainReader,
  report: Report,
): Generator<ReadDocument, void> {
  const told: Diagnostic[] = []
  const asJSON = jsonSyntax(fault.reason).at(spanOf(stretch, fault.start, fault.end))
  if (fault.reached - stretch.start > longestFlow) return report(asJSON)
  const [document] = readYAML(stretch, plain, (diagnostic) => told.push(diagnostic))
  const reached = told[0]?.at?.span().start ?? stretch.start
  if (document === undefined && reached <= fault.reached) return report(asJSON)
  for (const diagnostic of told) report(diagnostic)
  if (document !== undefined) yield document
}
