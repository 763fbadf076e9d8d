import { familyOf, ipIn, isPlainIPv4 } from '../address/ip.ts'
import { isProtocol } from '../address/port.ts'
import type { Fields } from '../manifest/document.ts'
import {
  type ApiError,
  distinct,
  duplicate,
  type Field,
  field,
  invalid,
  noErrors,
  printField,
  required,
  tooMany,
  unsupported,
} from './api-error.ts'
import { json, quote } from './go-text.ts'
import { canonicalIPErrors, destinationErrors, ipErrors } from './ip-rules.ts'
import { type KubernetesObject, list, map, optional, text, texts } from './metadata.ts'
import { faultsOfDNSLabel, faultsOfDNSSubdomain, faultsOfLabelValue } from './names.ts'
import { metadataErrors } from './validate-metadata.ts'
import { protocolErrors, qualifiedNameErrors } from './validate-ports.ts'

const mostEndpoints = 1000
const mostAddresses = 100
const mostPorts = 20000
const mostHints = 8

/** Every rule of the API server that an EndpointSlice breaks, in its order: ValidateEndpointSlice. */
export function validateEndpointSlice(
  metadata: KubernetesObject,
  fields: Fields,
): readonly ApiError[] {
  const type = text(fields.addressType) ?? ''
  const errors = metadataErrors(metadata, fields, faultsOfDNSSubdomain)
  if (!addressTypes.includes(type)) errors.push(addressTypeError(type))
  errors.push(...portErrors(list(fields.ports)))
  addEndpointErrors(errors, list(fields.endpoints), type)
  return distinct(errors)
}

const addressTypes = ['FQDN', 'IPv4', 'IPv6']

function addressTypeError(type: string): ApiError {
  const at = field('addressType')
  return type === '' ? required(at, '', 'write IPv4 or IPv6') : unsupported(at, type, addressTypes)
}

/** The numbers of ports are not looked at. */
function portErrors(ports: readonly Fields[]): readonly ApiError[] {
  if (ports.length > mostPorts) return [tooMany(field('ports'), ports.length, mostPorts)]
  if (ports.length < 2 && ports.every(isPlainPort)) return noErrors
  const names = new Map<string, number>()
  return ports.flatMap((entry, index) => {
    const port = map(entry)
    const name = text(port.name) ?? ''
    const at = (key: string): Field => field('ports', index, key)
    const errors =
      name === ''
        ? []
        : faultsOfDNSLabel(name).map((fault) => invalid(at('name'), quote(name), fault))
    const first = names.get(name)
    if (first === undefined) names.set(name, index)
    else errors.push(duplicate(at('name'), json(name), ['ports', first, 'name']))
    return [
      ...errors,
      ...protocolErrors(optional<string>(port.protocol) ?? 'TCP', at('protocol')),
      ...qualifiedNameErrors(optional(port.appProtocol), at('appProtocol')),
    ]
  })
}

/** Whether there is nothing to say of a port, so that nothing is built for it. */
function isPlainPort(entry: Fields): boolean {
  const { name, protocol, appProtocol } = map(entry)
  return (
    (text(name) === undefined || faultsOfDNSLabel(name as string).length === 0) &&
    isProtocol(optional<string>(protocol) ?? 'TCP') &&
    optional(appProtocol) === undefined
  )
}

/** There can be very many endpoints, so nothing is built for those that are right. */
function addEndpointErrors(errors: ApiError[], endpoints: readonly Fields[], type: string): void {
  if (endpoints.length > mostEndpoints) {
    errors.push(tooMany(field('endpoints'), endpoints.length, mostEndpoints))
    return
  }
  for (let index = 0; index < endpoints.length; index++) {
    const endpoint = map(endpoints[index])
    addAddressErrors(errors, index, texts(endpoint.addresses), type)
    addNameErrors(errors, index, endpoint)
    if (endpoint.hints !== undefined) addHintErrors(errors, index, map(endpoint.hints))
  }
}

function addAddressErrors(
  errors: ApiError[],
  endpoint: number,
  addresses: readonly string[],
  type: string,
): void {
  if (addresses.length === 0) {
    errors.push(required(addressesOf(endpoint), 'must contain at least 1 address'))
  } else if (addresses.length > mostAddresses) {
    errors.push(tooMany(addressesOf(endpoint), addresses.length, mostAddresses))
  }
  for (let index = 0; index < addresses.length; index++) {
    const address = addresses[index] ?? ''
    if (!isPlain(address, type)) errors.push(...addressErrors(address, endpoint, index, type))
  }
}

/** The plainest of addresses, which most are: IPv4 in a private range. */
function isPlain(address: string, type: string): boolean {
  if (type !== 'IPv4' || !isPlainIPv4(address)) return false
  return address.startsWith('10.') || address.startsWith('172.') || address.startsWith('192.')
}

function addressErrors(
  address: string,
  endpoint: number,
  index: number,
  type: string,
): readonly ApiError[] {
  const at = field('endpoints', endpoint, 'addresses', index)
  if (type === 'FQDN') return domainErrors(at, address)
  if (type !== 'IPv4' && type !== 'IPv6') return []
  const malformed = type === 'IPv4' ? ipErrors(at, address) : canonicalIPErrors(at, address)
  if (malformed.length > 0) return malformed
  const ip = ipIn(address)
  const strays = ip === undefined || familyOf(ip) !== type
  // The server names the list here, and not the address in it.
  const whole = { name: printField(addressesOf(endpoint)), path: at.path }
  return [
    ...(strays ? [invalid(whole, quote(address), `must be an ${type} address`)] : []),
    ...destinationErrors(at, address),
  ]
}

function addressesOf(endpoint: number): Field {
  return field('endpoints', endpoint, 'addresses')
}

/** A host name with at least two parts; a dot may end it. */
function domainErrors(at: Field, written: string): readonly ApiError[] {
  if (written === '') return [required(at)]
  const name = written.replace(/\.$/, '')
  const faults = faultsOfDNSSubdomain(name)
  if (faults.length > 0) return [invalid(at, quote(name), faults.join(','))]
  const labels = name.split('.')
  if (labels.length < 2) {
    const detail = 'should be a domain with at least two segments separated by dots'
    return [invalid(at, quote(name), detail)]
  }
  const long = labels.find((label) => faultsOfDNSLabel(label).length > 0)
  return long === undefined ? [] : [invalid(at, quote(long), faultsOfDNSLabel(long).join(','))]
}

function addNameErrors(errors: ApiError[], index: number, endpoint: Fields): void {
  const nodeName = optional<string>(endpoint.nodeName)
  if (nodeName !== undefined) {
    for (const fault of faultsOfDNSSubdomain(nodeName)) {
      errors.push(invalid(field('endpoints', index, 'nodeName'), quote(nodeName), fault))
    }
  }
  const hostname = optional<string>(endpoint.hostname)
  if (hostname !== undefined) {
    for (const fault of faultsOfDNSLabel(hostname)) {
      errors.push(invalid(field('endpoints', index, 'hostname'), quote(hostname), fault))
    }
  }
}

/** Too many of one kind end it, as they do in the server. */
function addHintErrors(errors: ApiError[], endpoint: number, hints: Fields): void {
  for (const key of ['forZones', 'forNodes'] as const) {
    const given = list(hints[key])
    if (given.length > mostHints) {
      errors.push(tooMany(field('endpoints', endpoint, 'hints', key), given.length, mostHints))
      return
    }
    const faultsOfName = key === 'forZones' ? faultsOfLabelValue : faultsOfDNSSubdomain
    const names = given.map((hint) => text(map(hint).name) ?? '')
    for (const [index, name] of names.entries()) {
      const at = (place: number) => field('endpoints', endpoint, 'hints', key, place, 'name')
      const first = names.indexOf(name)
      if (first < index) errors.push(duplicate(at(index), quote(name), at(first).path))
      for (const fault of faultsOfName(name)) errors.push(invalid(at(index), quote(name), fault))
    }
  }
}
