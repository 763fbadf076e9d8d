import { type Complaint, complaint, type Words } from './complaint.ts'

// Every sentence that nodeport itself utters about manifests stands in this file, so that its voice
// can be read in one sitting. What the API server would say is said in the server's own words,
// beside the rule, in object/ and pool/.

// Reading -----------------------------------------------------------------------------------------

export const yamlSyntax = complaint(
  'yaml-syntax',
  'error',
  'a document must be YAML',
  (reason: string) => ({ message: reason }),
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
  (limit: number) => ({ message: `this document is nested more than ${limit} levels deep` }),
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

export const notText = complaint(
  'not-text',
  'error',
  'a manifest must be UTF-8 text',
  (what: string) => ({
    message: what,
    help: 'save the file as UTF-8 text',
  }),
)

// Rules -------------------------------------------------------------------------------------------
// What ipvsadm and the kernel say to a rule is said in their own words, in text/.

export const ipvsadmUsage = complaint(
  'ipvsadm-usage',
  'error',
  'a rule must be one that `ipvsadm -R` understands',
  (sentence: string, aside: Omit<Words, 'message'>) => ({ message: sentence, ...aside }),
)

export const ipvsadmRefusal = complaint(
  'ipvsadm-refusal',
  'error',
  'a rule must be one that the kernel accepts where it stands',
  (sentence: string, aside: Omit<Words, 'message'>) => ({ message: sentence, ...aside }),
)

export const hostName = complaint(
  'host-name',
  'error',
  'a rule must name hosts by their addresses',
  (name: string) => ({
    message: `"${name}" is the name of a host, and names are not looked up`,
    label: 'not an address',
    help: 'write the address of the host',
  }),
)

export const lostRule = complaint(
  'lost-rule',
  'warning',
  'every rule must be one that `ipvsadm -R` gets to read',
  (why: string, help: string) => ({ message: `ipvsadm never reads this: ${why}`, help }),
)

export const ruleBesideTable = complaint(
  'rule-beside-table',
  'warning',
  'a rule must be about virtual servers and real servers',
  (command: string, subject: string) => ({
    message: `"${command}" is about ${subject}, which no table holds`,
    label: 'not carried out',
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
  notText,
  ipvsadmUsage,
  ipvsadmRefusal,
  hostName,
  lostRule,
  ruleBesideTable,
]
