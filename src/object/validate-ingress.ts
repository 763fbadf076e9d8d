import { readIP } from '../address/ip.ts'
import { type ApiError, field, forbidden, invalid, required, unsupported } from './api-error.ts'
import { quote } from './go-text.ts'
import { ipErrors } from './ip-rules.ts'
import { faultsOfDNSSubdomain } from './names.ts'
import type { Ingress, Service } from './service.ts'

/**
 * The addresses of a balancer: ValidateLoadBalancerStatus. A server throws them away as it creates
 * a Service, and holds them to these rules when the balancer's controller writes them.
 */
export function ingressErrors({ spec, ingress }: Service): readonly ApiError[] {
  if (spec.type === 'LoadBalancer') return ingress.flatMap(entryErrors)
  if (ingress.length === 0) return []
  const at = field('status', 'loadBalancer', 'ingress')
  const detail = "may only be used when `spec.type` is 'LoadBalancer'"
  return [forbidden({ ...at, part: 'key' }, detail, 'set type: LoadBalancer, or remove it')]
}

function entryErrors({ ip, hostname, ipMode }: Ingress, index: number): readonly ApiError[] {
  const path = ['status', 'loadBalancer', 'ingress', index] as const
  return [
    ...(ip === undefined ? [] : ipErrors(field(...path, 'ip'), ip)),
    ...modeErrors(ip, ipMode, index),
    ...(hostname === undefined ? [] : hostnameErrors(hostname, index)),
  ]
}

const modes = ['Proxy', 'VIP']

function modeErrors(
  ip: string | undefined,
  mode: string | undefined,
  index: number,
): readonly ApiError[] {
  const at = field('status', 'loadBalancer', 'ingress', index, 'ipMode')
  if (mode === undefined) {
    return ip === undefined ? [] : [required(at, 'must be specified when `ip` is set')]
  }
  if (ip === undefined) return [forbidden(at, 'may not be specified when `ip` is not set')]
  return modes.includes(mode) ? [] : [unsupported(at, mode, modes)]
}

function hostnameErrors(hostname: string, index: number): readonly ApiError[] {
  const at = field('status', 'loadBalancer', 'ingress', index, 'hostname')
  const errors = faultsOfDNSSubdomain(hostname).map((fault) => invalid(at, quote(hostname), fault))
  if (readIP(hostname) !== undefined) {
    const detail = 'must be a DNS name, not an IP address'
    errors.push(invalid(at, quote(hostname), detail, 'write it as ip'))
  }
  return errors
}
