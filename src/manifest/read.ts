import { jsonSyntax, tooLarge } from '../diagnostic/complaints.ts'
import type { Report } from '../diagnostic/diagnostic.ts'
import { type Source, spanIn } from '../diagnostic/source.ts'
import { type Document, documentsOf, originOf, type ReadDocument } from './document.ts'
import { readTree } from './tree.ts'

const largest = 64 * 1024 * 1024

/**
 * Reads the documents of a source, one after another, so that each can be let go of before the next
 * is read. A document that cannot be read is reported and hides no other.
 */
export function* readDocuments(source: Source, report: Report): Generator<ReadDocument> {
  for (const document of documentsOf(source)) {
    if (document.end - document.start > largest) {
      report(
        tooLarge(largest / 1024 / 1024).at(
          spanIn(source, document.start, document.start + 1, originOf(document)),
        ),
      )
    } else if (document.language === 'json') yield* readJSON(document, report)
    else yield* readTree(document, report)
  }
}

function readJSON(document: Document, report: Report): ReadDocument[] {
  const text = document.source.text.slice(document.start, document.end)
  try {
    return [{ document, value: JSON.parse(text), disputed: [] }]
  } catch {
    return readTree(document, report)
  }
}

void jsonSyntax
