import {
  type ApiError,
  distinct,
  entry,
  field,
  forbidden,
  invalid,
  noErrors,
  required,
  unsupported,
} from './api-error.ts'
import { json, quote } from './go-text.ts'
import { cidrErrors, destinationErrors, ipErrors } from './ip-rules.ts'
import { faultsOfDNSLabel, faultsOfDNSSubdomain } from './names.ts'
import { isReachableFromOutside, type Service } from './service.ts'
import {
  clusterIPErrors,
  clusterIPField,
  clusterIPsField,
  clusterIPsOf,
  hasNoClusterIP,
} from './validate-cluster-ips.ts'
import { ingressErrors } from './validate-ingress.ts'
import { labelErrors, metadataErrors } from './validate-metadata.ts'
import {
  nodePortErrors,
  nodePortTwinErrors,
  portErrors,
  portTwinErrors,
  qualifiedNameErrors,
} from './validate-ports.ts'

/** What a rule has to say about a Service. */
type Rule = (service: Service) => readonly ApiError[]

// In the order in which the API server says them: ValidateServiceCreate of Kubernetes 1.36.
const rules: readonly Rule[] = [
  (service) => metadataErrors(service, service.fields, faultsOfDNSLabel),
  topologyErrors,
  missingPortsErrors,
  headlessTypeErrors,
  externalNameErrors,
  portErrors,
  selectorErrors,
  sessionAffinityErrors,
  ({ spec }) => clusterIPErrors(spec),
  externalIPErrors,
  typeErrors,
  nodePortErrors,
  nodePortTwinErrors,
  portTwinErrors,
  sourceRangeErrors,
  allocationErrors,
  classErrors,
  externalTrafficErrors,
  healthCheckErrors,
  internalTrafficErrors,
  distributionErrors,
  ingressErrors,
]

/** Every rule of the API server that a Service breaks as it is created, numbers not counted. */
export function validateService(service: Service): readonly ApiError[] {
  const errors: ApiError[] = []
  for (const rule of rules) {
    const found = rule(service)
    if (found.length > 0) errors.push(...found)
  }
  return distinct(errors)
}

const hintsAnnotation = 'service.kubernetes.io/topology-aware-hints'
const modeAnnotation = 'service.kubernetes.io/topology-mode'

function topologyErrors({ annotations }: Service): readonly ApiError[] {
  const mode = annotations[modeAnnotation]
  const hints = annotations[hintsAnnotation]
  if (mode === undefined || hints === undefined || mode === hints) return noErrors
  const at = entry(field('metadata', 'annotations'), modeAnnotation)
  const detail = `must match annotations[${hintsAnnotation}] when both are specified`
  return [invalid(at, quote(mode), detail)]
}

function missingPortsErrors({ spec }: Service): readonly ApiError[] {
  if (spec.ports.length > 0 || hasNoClusterIP(spec) || spec.type === 'ExternalName') return noErrors
  return [required(field('spec', 'ports'), '', 'only headless Services can do without ports')]
}

function headlessTypeErrors({ spec }: Service): readonly ApiError[] {
  if (spec.type !== 'LoadBalancer' && spec.type !== 'NodePort') return noErrors
  if (!hasNoClusterIP(spec)) return noErrors
  const detail = `may not be set to 'None' for ${spec.type} services`
  return [invalid(clusterIPField(spec, 0), quote('None'), detail)]
}

function externalNameErrors({ spec }: Service): readonly ApiError[] {
  if (spec.type !== 'ExternalName') return noErrors
  const errors: ApiError[] = []
  const detail = 'may not be set for ExternalName services'
  if (clusterIPsOf(spec).length > 0) errors.push(forbidden(clusterIPsField(spec), detail))
  if (spec.ipFamilies !== undefined) errors.push(forbidden(field('spec', 'ipFamilies'), detail))
  if (spec.ipFamilyPolicy !== undefined) {
    errors.push(forbidden(field('spec', 'ipFamilyPolicy'), detail))
  }
  const at = field('spec', 'externalName')
  // A dot may end the name, as in a zone file.
  const name = (spec.externalName ?? '').replace(/\.$/, '')
  if (name === '') return [...errors, required(at)]
  return [...errors, ...faultsOfDNSSubdomain(name).map((fault) => invalid(at, quote(name), fault))]
}

function selectorErrors({ spec }: Service): readonly ApiError[] {
  return spec.selector === undefined ? noErrors : labelErrors(spec.selector, selectorField)
}

const selectorField = field('spec', 'selector')

const affinities = ['ClientIP', 'None']
const longestAffinity = 86400

function sessionAffinityErrors({ spec }: Service): readonly ApiError[] {
  if (!affinities.includes(spec.sessionAffinity)) {
    return [unsupported(field('spec', 'sessionAffinity'), spec.sessionAffinity, affinities)]
  }
  const seconds = spec.sessionAffinityConfig?.clientIP.timeoutSeconds
  if (seconds === undefined || (seconds > 0 && seconds <= longestAffinity)) return noErrors
  const at = field('spec', 'sessionAffinityConfig', 'clientIP', 'timeoutSeconds')
  const detail = `must be greater than 0 and less than ${longestAffinity}`
  return [invalid(at, String(seconds), detail, `the longest is ${longestAffinity}, which is a day`)]
}

function externalIPErrors({ spec }: Service): readonly ApiError[] {
  if (spec.externalIPs === undefined) return noErrors
  return spec.externalIPs.flatMap((ip, index) => {
    const at = field('spec', 'externalIPs', index)
    const malformed = ipErrors(at, ip)
    return malformed.length > 0 ? malformed : destinationErrors(at, ip)
  })
}

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']

function typeErrors({ spec }: Service): readonly ApiError[] {
  return types.includes(spec.type)
    ? noErrors
    : [unsupported(field('spec', 'type'), spec.type, types)]
}

const onlyForBalancers = "may only be used when `type` is 'LoadBalancer'"
const makeBalancer = 'set type: LoadBalancer, or remove it'
const rangesAnnotation = 'service.beta.kubernetes.io/load-balancer-source-ranges'

/** The field, else the annotation that was there before it. Blanks around a range are welcome. */
function sourceRangeErrors(service: Service): readonly ApiError[] {
  const { spec, annotations } = service
  const ranges = spec.loadBalancerSourceRanges
  if (ranges !== undefined) {
    // The server's name for the field begins with a capital letter.
    const at = { name: 'spec.LoadBalancerSourceRanges', path: ['spec', 'loadBalancerSourceRanges'] }
    return [
      ...balancerErrors(service, () => forbidden(at, onlyForBalancers, makeBalancer)),
      ...ranges.flatMap((range, index) =>
        cidrErrors({ name: `${at.name}[${index}]`, path: [...at.path, index] }, range.trim()),
      ),
    ]
  }
  const written = annotations[rangesAnnotation]
  if (written === undefined) return noErrors
  const at = entry(field('metadata', 'annotations'), rangesAnnotation)
  const listed = written.trim() === '' ? [] : written.trim().split(',')
  return [
    ...balancerErrors(service, () => forbidden(at, onlyForBalancers, makeBalancer)),
    ...listed.flatMap((range) => cidrErrors(at, range.trim())),
  ]
}

function allocationErrors(service: Service): readonly ApiError[] {
  if (service.spec.allocateLoadBalancerNodePorts === undefined) return noErrors
  const at = field('spec', 'allocateLoadBalancerNodePorts')
  return balancerErrors(service, () => forbidden(at, onlyForBalancers, makeBalancer))
}

function classErrors({ spec }: Service): readonly ApiError[] {
  if (spec.loadBalancerClass === undefined) return noErrors
  const at = field('spec', 'loadBalancerClass')
  if (spec.type === 'LoadBalancer') return qualifiedNameErrors(spec.loadBalancerClass, at)
  return [forbidden(at, onlyForBalancers, makeBalancer)]
}

function balancerErrors({ spec }: Service, error: () => ApiError): readonly ApiError[] {
  return spec.type === 'LoadBalancer' ? noErrors : [error()]
}

const trafficPolicies = ['Cluster', 'Local']

function externalTrafficErrors({ spec }: Service): readonly ApiError[] {
  const policy = spec.externalTrafficPolicy
  if (policy === undefined) return noErrors
  const at = field('spec', 'externalTrafficPolicy')
  if (isReachableFromOutside(spec.type, spec.externalIPs)) {
    return trafficPolicies.includes(policy) ? noErrors : [unsupported(at, policy, trafficPolicies)]
  }
  const detail = 'may only be set for externally-accessible services'
  return [invalid(at, json(policy), detail, 'remove it, or set type: NodePort or LoadBalancer')]
}

/** Where a Service needs a health-check port, its number is the pool's business. */
function healthCheckErrors({ spec }: Service): readonly ApiError[] {
  const needed = spec.type === 'LoadBalancer' && spec.externalTrafficPolicy === 'Local'
  if (needed || spec.healthCheckNodePort === undefined) return noErrors
  const detail =
    "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"
  return [invalid(field('spec', 'healthCheckNodePort'), String(spec.healthCheckNodePort), detail)]
}

function internalTrafficErrors({ spec }: Service): readonly ApiError[] {
  const policy = spec.internalTrafficPolicy
  if (policy === undefined || trafficPolicies.includes(policy)) return noErrors
  return [unsupported(field('spec', 'internalTrafficPolicy'), policy, trafficPolicies)]
}

const distributions = ['PreferClose', 'PreferSameZone', 'PreferSameNode']

function distributionErrors({ spec }: Service): readonly ApiError[] {
  const wanted = spec.trafficDistribution
  if (wanted === undefined || distributions.includes(wanted)) return noErrors
  const error = unsupported(field('spec', 'trafficDistribution'), wanted, distributions)
  // Of the fields that know some values only, this alone is a plain string in Go.
  return [{ ...error, value: quote(wanted) }]
}
