import type { Fields } from '../manifest/document.ts'
import { type ApiError, distinct, type Field, field, invalid, required } from './api-error.ts'
import { quote } from './go-text.ts'
import { destinationErrors, ipErrors } from './ip-rules.ts'
import { type KubernetesObject, list, map, optional, text } from './metadata.ts'
import { faultsOfDNSLabel, faultsOfDNSSubdomain } from './names.ts'
import { metadataErrors } from './validate-metadata.ts'
import { portNumberErrors, protocolErrors, qualifiedNameErrors } from './validate-ports.ts'

/** Every rule of the API server that Endpoints break, in its order: ValidateEndpoints. */
export function validateEndpoints(metadata: KubernetesObject, fields: Fields): readonly ApiError[] {
  return distinct([
    ...metadataErrors(metadata, fields, faultsOfDNSSubdomain),
    ...list(fields.subsets).flatMap((subset, index) => subsetErrors(map(subset), index)),
  ])
}

function subsetErrors(subset: Fields, index: number): readonly ApiError[] {
  const ready = list(subset.addresses)
  const notReady = list(subset.notReadyAddresses)
  const ports = list(subset.ports)
  const at = field('subsets', index)
  const detail = 'must specify `addresses` or `notReadyAddresses`'
  return [
    ...(ready.length + notReady.length === 0 ? [required(at, detail)] : []),
    ...ready.flatMap((address, i) => addressErrors(map(address), within(at, 'addresses', i))),
    ...notReady.flatMap((address, i) =>
      addressErrors(map(address), within(at, 'notReadyAddresses', i)),
    ),
    ...ports.flatMap((port, i) => portErrors(map(port), within(at, 'ports', i), ports.length > 1)),
  ]
}

/** A malformed address is said to be one twice, by two of the server's rules. */
function addressErrors(address: Fields, at: Field): readonly ApiError[] {
  const ip = text(address.ip) ?? ''
  const hostname = text(address.hostname)
  const nodeName = optional<string>(address.nodeName)
  const inField = (key: string, value: string, faults: readonly string[]): ApiError[] =>
    faults.map((fault) => invalid(within(at, key), quote(value), fault))
  return [
    ...ipErrors(within(at, 'ip'), ip),
    ...(hostname === undefined ? [] : inField('hostname', hostname, faultsOfDNSLabel(hostname))),
    ...(nodeName === undefined
      ? []
      : inField('nodeName', nodeName, faultsOfDNSSubdomain(nodeName))),
    ...destinationErrors(within(at, 'ip'), ip),
  ]
}

function portErrors(port: Fields, at: Field, needsName: boolean): readonly ApiError[] {
  const name = text(port.name) ?? ''
  const ofName =
    name === ''
      ? needsName
        ? [required(within(at, 'name'))]
        : []
      : faultsOfDNSLabel(name).map((fault) => invalid(within(at, 'name'), quote(name), fault))
  return [
    ...ofName,
    ...portNumberErrors((port.port ?? 0) as number, within(at, 'port')),
    ...protocolErrors(text(port.protocol) ?? 'TCP', within(at, 'protocol')),
    ...qualifiedNameErrors(optional(port.appProtocol), within(at, 'appProtocol')),
  ]
}

function within({ path }: Field, ...steps: readonly (string | number)[]): Field {
  return field(...path, ...steps)
}
