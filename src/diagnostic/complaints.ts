import { type Complaint, complaint } from './complaint.ts'

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

// Objects -----------------------------------------------------------------------------------------

export const notAnObject = complaint(
  'not-an-object',
  'error',
  'a document must be an object of Kubernetes',
  (found: string) => ({ message: `this is ${found}, and no object of Kubernetes` }),
)

export const yaml11Value = complaint(
  'yaml-1.1-value',
  'warning',
  'a value should mean the same to kubectl, which reads YAML 1.1, and to readers of YAML 1.2',
  (text: string, kubectl: unknown, yaml12: unknown) => {
    const [ours, theirs] = [JSON.stringify(kubectl), JSON.stringify(yaml12)]
    if (text === '<<') {
      return {
        message: `kubectl takes ${ours} from the merge key, YAML 1.2 keeps ${theirs}`,
        help: 'write the merge key before the keys that override it',
      }
    }
    return {
      message: `kubectl reads ${text} as ${ours}, YAML 1.2 reads it as ${theirs}`,
      help: `write ${ours}, or put it into quotes if text is meant`,
    }
  },
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
  notAnObject,
  yaml11Value,
]
