import { type Complaint, complaint } from './complaint.ts'

// Every sentence that nodeport itself utters about manifests stands in this file, so that its voice
// can be read in one sitting. What the API server would say is said in the server's own words,
// beside the rule, in object/ and pool/.

// Reading -----------------------------------------------------------------------------------------

export const yamlSyntax = complaint(
  'yaml-syntax',
  'error',
  'a document must be YAML',
  (reason: string, help?: string) => ({ message: reason, help }),
)

export const jsonSyntax = complaint(
  'json-syntax',
  'error',
  'a document that begins as JSON must be JSON',
  (reason: string) => ({ message: reason }),
)

export const duplicateKey = complaint(
  'duplicate-key',
  'error',
  'a key stands once in a mapping',
  (key: string) => ({ message: `"${key}" is given twice`, label: 'given again here' }),
)

export const aliasBomb = complaint(
  'alias-bomb',
  'error',
  'aliases must not multiply a document beyond its limit',
  (limit: number) => ({
    message: `the aliases of this document unfold into more than ${limit} values`,
    help: 'write the repeated parts out, or split the document',
  }),
)

export const tooDeep = complaint(
  'too-deep',
  'error',
  'a document must not be nested beyond its limit',
  (limit: number) => ({
    message: `this document is nested more than ${limit} levels deep`,
    help: 'no object of Kubernetes is; look for brackets or dashes that were never meant to nest',
  }),
)

export const tooLarge = complaint(
  'document-too-large',
  'error',
  'a document must not be larger than its limit',
  (megabytes: number) => ({
    message: `this document is larger than ${megabytes} MiB`,
    help: 'split it: a line `---` ends a document',
  }),
)

export const tooManyValues = complaint(
  'too-many-values',
  'error',
  'a document must not hold more values than its limit',
  (limit: number) => ({
    message: `this document holds more than ${limit} values`,
    help: 'split it: a line `---` ends a document',
  }),
)

export const tooManyFaults = complaint(
  'too-many-faults',
  'error',
  'a file must not have more faults than its limit',
  (limit: number) => ({
    message: `more than ${limit} faults in this file, the rest of which is not read`,
    help: 'see whether it is a manifest at all',
  }),
)

export const documentSeparator = complaint(
  'document-separator',
  'error',
  'a line that begins with --- says nothing more than a comment',
  // kubectl's words.
  (said: string) => ({
    message: `invalid Yaml document separator: ${said}`,
    label: 'only a comment may stand here',
    help: 'begin the document on the next line; where "---" is part of a text, indent the line',
  }),
)

export const ignoredDocument = complaint(
  'ignored-document',
  'warning',
  'documents are parted by ---, which is all that kubectl looks for',
  () => ({
    message: 'kubectl reads nothing from here to the next line `---`',
    label: 'not read',
    help: 'put a line `---` before it, at the start of the line and with nothing else on it',
  }),
)

export const byteOrderMark = complaint(
  'byte-order-mark',
  'error',
  'a byte order mark stands at the beginning of a document or nowhere',
  () => ({
    message: 'a byte order mark before `---` keeps kubectl from seeing where the document ends',
    help: 'take it out: it was the beginning of a file that was put behind another one',
  }),
)

export const controlCharacter = complaint(
  'control-character',
  'error',
  'YAML holds no control characters but tabs and line ends',
  (codePoint: string) => ({
    message: `control characters are not allowed, and this is ${codePoint}`,
    help: 'take it out, or write it as an escape within double quotes',
  }),
)

export const notText = complaint(
  'not-text',
  'error',
  'a manifest must be UTF-8 text',
  (what: string) => ({
    message: what,
    help: 'save the file as UTF-8 text',
  }),
)

/** Every kind of fault with words of its own, by code. */
export const complaints: readonly Complaint[] = [
  yamlSyntax,
  jsonSyntax,
  duplicateKey,
  aliasBomb,
  tooDeep,
  tooLarge,
  tooManyValues,
  tooManyFaults,
  documentSeparator,
  ignoredDocument,
  byteOrderMark,
  controlCharacter,
  notText,
]
