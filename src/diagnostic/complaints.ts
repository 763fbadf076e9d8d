import { type Complaint, complaint, type Words } from './complaint.ts'
import { didYouMean } from './suggest.ts'

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

// Who answers ------------------------------------------------------------------------------------

export const simulatedLeftOut = complaint(
  'simulated-left-out',
  'warning',
  'every pod of a workload finds an address when its pods are made up',
  (workload: string, count: number) => ({
    message: `${count} pods of ${workload} are left out: there is no address for them`,
    label: 'more than there is room for',
    help: 'add Nodes, or give them larger podCIDRs',
  }),
)

// Annotations of our own ---------------------------------------------------------------------------

export const annotationUnknown = complaint(
  'annotation-unknown',
  'warning',
  'an annotation that begins with nodeport.io/ is one of those there are',
  (name: string, known: readonly string[]) => ({
    message: `there is no annotation "${name}"`,
    label: 'unknown',
    help: didYouMean(name, known) ?? `there are ${listed(known)}`,
  }),
)

export const annotationMisplaced = complaint(
  'annotation-misplaced',
  'warning',
  'an annotation stands on an object for which it means something',
  (name: string, kind: string, kinds: readonly string[]) => ({
    message: `"${name}" means nothing on a ${kind}`,
    label: 'has no effect here',
    help: `it belongs on a ${listed(kinds, 'or')}`,
  }),
)

export const annotationValue = complaint(
  'annotation-value',
  'error',
  'the value of an annotation is one that it can have',
  (name: string, { reason, help }: Unusable) => ({ message: `${name}: ${reason}`, help }),
)

/** Why a value cannot be used, and what can be. */
export interface Unusable {
  readonly reason: string
  readonly help: string | undefined
}

// kube-proxy's configuration ------------------------------------------------------------------------

export const proxyConfigMissing = complaint(
  'proxy-config-missing',
  'error',
  'a configuration of kube-proxy is a KubeProxyConfiguration',
  () => ({
    message: 'there is no KubeProxyConfiguration in this file',
    help: 'give --config the file that kube-proxy was started with',
  }),
)

export const proxyConfigType = complaint(
  'proxy-config-type',
  'error',
  'a value in the configuration of kube-proxy has the type that kube-proxy expects',
  (path: string, expected: string) => ({ message: `${path} must be ${expected}` }),
)

export const proxyConfigValue = complaint(
  'proxy-config-value',
  'error',
  'a value in the configuration of kube-proxy is one that kube-proxy would take',
  (message: string, help: string | undefined) => ({ message, help }),
)

// The table ----------------------------------------------------------------------------------------

export const virtualServerConflict = complaint(
  'virtual-server-conflict',
  'error',
  'a virtual server is asked for by one Service port',
  (identity: string, loser: Claimant, winner: Claimant) => ({
    message: `${identity} is asked for by ${loser.service} and by ${winner.service}`,
    label: `asked for as ${loser.kind} of port ${loser.port}`,
    help: `it goes to ${winner.service}; give ${loser.service} another address or port`,
  }),
)

/** Beside the place of the one that keeps a virtual server. */
export function keepsIt({ service, port, kind }: Claimant): string {
  return `${service} has it as ${kind} of port ${port}`
}

/** One that asks for a virtual server. */
export interface Claimant {
  readonly service: string
  readonly port: string
  readonly kind: string
}

export const forwardingKeepsPort = complaint(
  'forwarding-keeps-port',
  'warning',
  'where packets are routed or tunnelled to real servers, these listen on the port of the Service',
  (forwarding: string, asked: number, listening: number) => ({
    message: `with the forwarding "${forwarding}" packets for port ${asked} keep that port, and the back ends listen on ${listening}`,
    label: `arrives at port ${asked}`,
    help: `let the back ends listen on ${asked}, or use the forwarding "masq"`,
  }),
)

export const nodeUnknown = complaint(
  'node-unknown',
  'error',
  'the node asked for is among the Nodes of the manifests',
  (name: string, known: readonly string[]) => ({
    message: `there is no Node "${name}" in the manifests`,
    help: didYouMean(name, known) ?? `there are ${listed(known)}`,
  }),
)

export const directorNoAddress = complaint(
  'director-no-address',
  'warning',
  'a Service for a director has an address that clients outside can ask',
  (service: string) => ({
    message: `${service} has no address for a director to answer on`,
    label: 'neither externalIPs nor a load-balancer address',
    help: 'give it externalIPs, or name the address of the director with --vip',
  }),
)

export const directorNoNodePort = complaint(
  'director-no-node-port',
  'warning',
  'a Service for a director has a node port, by which the nodes answer',
  (service: string, port: string) => ({
    message: `port ${port} of ${service} has no node port that a director could send to`,
    label: 'no nodePort',
    help: 'make the Service a NodePort, or use the forwarding "route" or "tunnel"',
  }),
)

function listed(words: readonly string[], and: 'and' | 'or' = 'and'): string {
  const last = words.at(-1) ?? 'none'
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} ${and} ${last}`
}

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

function suggestion(free: number | string | undefined): string {
  return free === undefined ? '' : `${free} is free; `
}

// What a careful reader would notice ----------------------------------------------------------------
// Findings about input that an API server would take. The rules that find them are in survey/.

export const nodePortDynamicBand = complaint(
  'node-port-dynamic-band',
  'note',
  'a node port that is chosen by hand lies in the static band',
  (port: number, band: string) => ({
    message: `node port ${port} lies in the band from which unasked node ports are handed out`,
    label: 'may be taken when it is wished for',
    help: `choose one of ${band}, or leave nodePort out`,
  }),
)

export const nodePortEphemeral = complaint(
  'node-port-ephemeral',
  'warning',
  'a node port is not one that hosts take for connections of their own',
  (port: number, range: string, free: number | undefined) => ({
    message: `node port ${port} lies in the ephemeral range ${range} of the hosts`,
    label: 'a host may take it for a connection of its own',
    help: `${suggestion(free)}or reserve ${port} with net.ipv4.ip_local_reserved_ports on every host, and name it with --ephemeral-reserved`,
  }),
)

export const nodePortHostPort = complaint(
  'node-port-host-port',
  'warning',
  'a node port is not a port that a container has on the host',
  (port: string, owner: string, free: number | undefined) => ({
    message: `node port ${port} is a port of the host for ${owner}`,
    label: 'packets for it go to the Service, and never to that container',
    help: free === undefined ? 'choose another' : `${free} is free`,
  }),
)

export const kubectlMergesPorts = complaint(
  'kubectl-merges-ports',
  'warning',
  'ports of one number and several protocols survive kubectl apply',
  (port: number, added: string, there: string, isAdded: boolean) => ({
    message: isAdded
      ? `kubectl apply merges ports by number alone, so that adding ${port}/${added} can lose ${port}/${there}`
      : `kubectl apply merges ports by number alone, and ${port} is here for ${there} and ${added}`,
    label: isAdded ? 'is being added' : 'the same number again',
    help: 'apply it with kubectl apply --server-side, which merges by number and protocol',
  }),
)

export const clusterIPIsNodeAddress = complaint(
  'cluster-ip-is-node-address',
  'warning',
  'a cluster IP is not the address of a node',
  (ip: string, owner: string) => ({
    message: `cluster IP ${ip} is an address of ${owner}`,
    label: 'the node cannot be reached there any more',
    help: 'choose another, or leave clusterIP out',
  }),
)

export const externalAddressTaken = complaint(
  'external-address-taken',
  'warning',
  'an external address and port are claimed once',
  (identity: string, loser: Claimant, winner: Claimant) => ({
    message: `${identity} is asked for by ${loser.service} and by ${winner.service}`,
    label: `asked for as ${loser.kind} of port ${loser.port}`,
    help: `it goes to ${winner.service}; give ${loser.service} another address or port`,
  }),
)

export const selectorMatchesNothing = complaint(
  'selector-matches-nothing',
  'warning',
  'the selector of a Service matches a pod where one is there to be matched',
  (missed: string, near: { readonly owner: string; readonly has: string }, help: string) => ({
    message: `no pod of the input has ${missed}`,
    label: `${near.owner} has ${near.has}`,
    help,
  }),
)

/** Beside the labels that a selector nearly matches. */
export function notSelected(owner: string): string {
  return `the labels of ${owner}`
}

export const targetPortUnknown = complaint(
  'target-port-unknown',
  'warning',
  'a named targetPort is the name of a port of the selected containers',
  (name: string, protocol: string, declared: DeclaredPorts) => ({
    message:
      declared.otherProtocol === undefined
        ? `no selected container has a port named "${name}"`
        : `"${name}" is a ${declared.otherProtocol} port of the selected containers, and this port is ${protocol}`,
    label: 'leads nowhere',
    help: helpForPort(name, protocol, declared),
  }),
)

/** What the containers that a Service selects say of their ports. */
export interface DeclaredPorts {
  /** The names of ports of the right protocol. */
  readonly names: readonly string[]
  /** The protocol of a port that has the name, and not the right protocol. */
  readonly otherProtocol: string | undefined
}

function helpForPort(name: string, protocol: string, { names, otherProtocol }: DeclaredPorts) {
  if (otherProtocol !== undefined) {
    return `set protocol: ${otherProtocol} here, or protocol: ${protocol} there`
  }
  if (names.length === 0) return 'name a port of a container so, or use its number'
  return didYouMean(name, names) ?? `they have ${listed(names.map(quoted))}`
}

export const targetPortUndeclared = complaint(
  'target-port-undeclared',
  'note',
  'a targetPort is among the ports that the selected containers declare',
  (port: string, declared: readonly string[]) => ({
    message: `no selected container declares port ${port}`,
    label: 'not declared',
    help: `they declare ${listed(declared)}`,
  }),
)

export const slicePortUnmatched = complaint(
  'slice-port-unmatched',
  'warning',
  'a port of a slice is a port of its Service by name and protocol',
  (port: string, service: string, ports: readonly string[]) => ({
    message: `port ${port} is no port of Service ${service}, so its endpoints get nothing`,
    label: 'joined by name and protocol, not by number',
    help: `the Service has ${listed(ports)}`,
  }),
)

export const sliceWithoutService = complaint(
  'slice-without-service',
  'warning',
  'an EndpointSlice names its Service in the label kubernetes.io/service-name',
  (label: string, instead: string | undefined) => ({
    message: `this EndpointSlice belongs to no Service: it lacks the label ${label}`,
    label: instead === undefined ? 'no label names a Service' : `is not ${label}`,
    help: `add the label ${label} with the name of the Service`,
  }),
)

export const sliceServiceMissing = complaint(
  'slice-service-missing',
  'warning',
  'the Service of a slice is in the input if others of its namespace are',
  (kind: string, service: string, meant: string | undefined) => ({
    message: `the Service ${service} of this ${kind} is not in the input`,
    label: 'nobody sends anything here',
    help:
      meant === undefined
        ? 'see whether the Service is called otherwise'
        : `did you mean "${meant}"?`,
  }),
)

export const endpointFamily = complaint(
  'endpoint-family',
  'warning',
  'endpoints are of a family that their Service has',
  (kind: string, family: string, service: string, families: readonly string[]) => ({
    message: `this ${kind} is ${family}, and Service ${service} is ${listed(families)} alone`,
    label: 'never used',
    help: `add ${family} to the ipFamilies of the Service, with ipFamilyPolicy: PreferDualStack`,
  }),
)

export const localWithoutEndpoints = complaint(
  'local-without-endpoints',
  'warning',
  'where a traffic policy is Local, endpoints say their node, and one is on the node asked for',
  (policy: string, service: string, node: string | undefined) => ({
    message:
      node === undefined
        ? `no endpoint of ${service} says which node it is on, so ${policy}: Local finds none on any`
        : `no endpoint of ${service} is on ${node}, and its ${policy} is Local`,
    label: node === undefined ? 'every endpoint counts as far away' : 'nobody answers on that node',
    help:
      node === undefined
        ? 'give the endpoints a nodeName, or set the policy to Cluster'
        : 'set the policy to Cluster, or send clients to nodes that have a pod',
  }),
)

export const noEndpoints = complaint(
  'no-endpoints',
  'warning',
  'a Service has endpoints where others have',
  (service: string, why: 'empty' | 'none') => ({
    message:
      why === 'empty'
        ? `the slices of ${service} are empty`
        : `${service} has no endpoints, and other Services here have`,
    label: 'nobody answers',
    help:
      why === 'empty'
        ? 'see whether its pods run, and are ready'
        : 'see whether its selector is right, or whether its slices name another Service',
  }),
)

export const affinityOutlivesDrain = complaint(
  'affinity-outlives-drain',
  'warning',
  'a session affinity ends before a drain does',
  (affinity: number, drain: number) => ({
    message: `clients stay with a back end for ${affinity} seconds, and a drain takes ${drain} at most`,
    label: 'outlives the drain',
    help: `lower timeoutSeconds to ${drain}, or raise --drain-timeout`,
  }),
)

export const sourceRangesOpen = complaint(
  'source-ranges-open',
  'warning',
  'source ranges are given for each family of a Service',
  (given: string, open: string) => ({
    message: `these source ranges are ${given} alone, so that everybody may come in by ${open}`,
    label: `nothing about ${open}`,
    help: `add a range of ${open}, such as ${open === 'IPv6' ? '::1/128' : '127.0.0.1/32'} to let nobody in`,
  }),
)

export const loadBalancerClassUnserved = complaint(
  'load-balancer-class',
  'warning',
  'a Service leaves its load balancer to IPVS',
  (name: string) => ({
    message: `loadBalancerClass "${name}" leaves this Service to another load balancer`,
    label: 'not for IPVS',
    help: 'its address is served if status.loadBalancer.ingress names it; or leave the class out',
  }),
)

export const cloudAnnotation = complaint(
  'cloud-annotation',
  'note',
  'annotations ask for something that IPVS can do',
  (names: readonly string[]) => ({
    message: `${listed(names)} ${names.length === 1 ? 'is' : 'are'} for a load balancer of a cloud`,
    label: 'IPVS has no answer to it',
    help: 'what it asks for does not happen here; nothing else is wrong with it',
  }),
)

export const unknownIgnore = complaint(
  'unknown-ignore',
  'warning',
  'what is to be ignored is the code of a warning or a note',
  (code: string, isError: boolean, known: readonly string[]) => ({
    message: isError
      ? `"${code}" is an error, which cannot be ignored`
      : `there is no finding "${code}" to ignore`,
    label: 'ignores nothing',
    help: isError ? 'mend it' : (didYouMean(code, known) ?? 'nodeport explain lists them all'),
  }),
)

function quoted(text: string): string {
  return `"${text}"`
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

// Into the kernel ---------------------------------------------------------------------------------

export const notOurs = complaint(
  'not-ours',
  'error',
  "a virtual server must not be somebody else's",
  (identity: string) => ({
    message: `${identity} is in the kernel already, and it is not ours`,
    label: 'asked for here',
    help: '--adopt takes it over; `nodeport list` shows what it is now',
  }),
)

export const takenByEntry = complaint(
  'taken-by-another-set',
  'error',
  'a virtual server belongs to one Service of one set',
  (identity: string, owner: string, set: string, file: string | undefined) => ({
    message: `${identity} belongs to ${owner} of the set "${set}"${file === undefined ? '' : `, from ${file}`}`,
    label: 'asked for here',
    help: 'apply both together, or delete the other first',
  }),
)

export const serviceOfAnotherSet = complaint(
  'service-of-another-set',
  'error',
  'a Service belongs to one set of the ledger',
  (service: string, owner: string, asker: string) => ({
    message: `${service} belongs to the set "${owner}", and is asked for in the set "${asker}"`,
    label: `asked for in the set "${asker}"`,
    help: `say --set ${owner}; or --adopt, to move it over`,
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
  notAnObject,
  yaml11Value,
  simulatedLeftOut,
  annotationUnknown,
  annotationMisplaced,
  annotationValue,
  proxyConfigMissing,
  proxyConfigType,
  proxyConfigValue,
  virtualServerConflict,
  forwardingKeepsPort,
  nodeUnknown,
  directorNoAddress,
  directorNoNodePort,
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
  nodePortDynamicBand,
  nodePortEphemeral,
  nodePortHostPort,
  kubectlMergesPorts,
  clusterIPIsNodeAddress,
  externalAddressTaken,
  selectorMatchesNothing,
  targetPortUnknown,
  targetPortUndeclared,
  slicePortUnmatched,
  sliceWithoutService,
  sliceServiceMissing,
  endpointFamily,
  localWithoutEndpoints,
  noEndpoints,
  affinityOutlivesDrain,
  sourceRangesOpen,
  loadBalancerClassUnserved,
  cloudAnnotation,
  unknownIgnore,
  ipvsadmUsage,
  ipvsadmRefusal,
  hostName,
  lostRule,
  ruleBesideTable,
  notOurs,
  takenByEntry,
  serviceOfAnotherSet,
]
