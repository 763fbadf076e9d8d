import { type Complaint, complaint, type Words } from './complaint.ts'

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

// Handing out numbers -----------------------------------------------------------------------------
// The messages are the API server's own; what to do about them is for nodeport to say.

export const nodePortTaken = complaint(
  'node-port-taken',
  'error',
  'a node port is granted to one Service',
  (message: string, holder: Holder | undefined, free: string | undefined) => ({
    message,
    label: 'already allocated',
    help: insteadOf(holder, free),
  }),
)

export const nodePortRepeated = complaint(
  'node-port-repeated',
  'error',
  'a node port is given once for each protocol of a Service',
  (message: string) => ({
    message,
    label: 'given again here',
    help: 'give each port of one protocol a number of its own, or leave nodePort out',
  }),
)

export const nodePortOutOfRange = complaint(
  'node-port-out-of-range',
  'error',
  'a node port lies in the range of the cluster',
  (message: string, free: string | undefined) => ({
    message,
    label: 'out of range',
    help: `${suggestion(free)}--node-port-range tells of another range`,
  }),
)

export const nodePortRangeFull = complaint(
  'node-port-range-full',
  'error',
  'the node port range has a number for every port that needs one',
  (message: string) => ({
    message,
    help: 'widen --node-port-range, or give up node ports that nobody uses',
  }),
)

export const clusterIPTaken = complaint(
  'cluster-ip-taken',
  'error',
  'a cluster IP is granted to one Service',
  (message: string, holder: Holder | undefined, free: string | undefined) => ({
    message,
    label: 'already allocated',
    help: insteadOf(holder, free),
  }),
)

export const clusterIPOutOfRange = complaint(
  'cluster-ip-out-of-range',
  'error',
  'a cluster IP lies in the service CIDR, and is neither its first nor its broadcast address',
  (message: string, free: string | undefined) => ({
    message,
    label: 'out of range',
    help: `${suggestion(free)}--service-cidr tells of another range`,
  }),
)

export const clusterIPRangeFull = complaint(
  'cluster-ip-range-full',
  'error',
  'the service CIDR has an address for every Service that needs one',
  (message: string) => ({
    message,
    help: 'give a larger block with --service-cidr, or give up Services that nobody uses',
  }),
)

export const familyNotConfigured = complaint(
  'ip-family-not-configured',
  'error',
  'the cluster has the address families that a Service asks for',
  (message: string, family: string) => ({
    message,
    help: `give --service-cidr an ${family} block too, or do without ${family} here`,
  }),
)

export const familyPolicy = complaint(
  'ip-family-policy',
  'error',
  'ipFamilyPolicy and the number of addresses agree',
  (message: string, policy: string) => ({ message, help: `set ipFamilyPolicy: ${policy}` }),
)

export const immutableField = complaint(
  'immutable-field',
  'error',
  'what a Service was granted once does not change',
  (message: string, held: string) => ({
    message,
    label: 'cannot change',
    help: `the ledger holds ${held}: keep that, or delete the Service first`,
  }),
)

/** Said beside the place of whoever was granted a number, if there is one. */
export function hasIt({ service, by }: Holder): string {
  if (by === 'cluster') return `${service} has it in every cluster`
  return by === 'ledger' ? `${service} holds it in the ledger` : `${service} has it`
}

/** Whoever has a number that somebody else asks for. */
export interface Holder {
  /** `default/web` */
  readonly service: string
  /** How it got the number: by the ledger, by a wish, or because every cluster gives it that one. */
  readonly by: 'ledger' | 'wish' | 'cluster'
}

/** Whoever has it is named here where no place in a manifest shows it. */
function insteadOf(holder: Holder | undefined, free: string | undefined): string {
  const instead = free === undefined ? 'no other is free' : `${free} is free`
  return holder === undefined ? instead : `${hasIt(holder)}; ${instead}`
}

function suggestion(free: string | undefined): string {
  return free === undefined ? '' : `${free} is free; `
}

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
  tooManyValues,
  tooManyFaults,
  documentSeparator,
  ignoredDocument,
  byteOrderMark,
  controlCharacter,
  notText,
  nodePortTaken,
  nodePortRepeated,
  nodePortOutOfRange,
  nodePortRangeFull,
  clusterIPTaken,
  clusterIPOutOfRange,
  clusterIPRangeFull,
  familyNotConfigured,
  familyPolicy,
  immutableField,
  ipvsadmUsage,
  ipvsadmRefusal,
  hostName,
  lostRule,
  ruleBesideTable,
  notAnObject,
  yaml11Value,
]
