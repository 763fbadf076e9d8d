import type { EndpointSlice, SlicePort } from '../../object/endpoint-slice.ts'
import type { Endpoints } from '../../object/endpoints.ts'
import { ageColumn, atMostThree, nameColumn, type Resource } from './resource.ts'

export const endpoints: Resource<Endpoints> = {
  plural: 'endpoints',
  singular: 'endpoints',
  shortNames: ['ep'],
  group: '',
  namespaced: true,
  columns: [
    nameColumn,
    { header: 'ENDPOINTS', cell: ({ object }) => printSubsets(object) },
    ageColumn,
  ],
}

export const endpointSlices: Resource<EndpointSlice> = {
  plural: 'endpointslices',
  singular: 'endpointslice',
  shortNames: [],
  group: 'discovery.k8s.io',
  namespaced: true,
  columns: [
    nameColumn,
    { header: 'ADDRESSTYPE', cell: ({ object }) => object.addressType },
    {
      header: 'PORTS',
      cell: ({ object }) => atMostThree(object.ports.map(printPort)) || '<unset>',
    },
    { header: 'ENDPOINTS', cell: ({ object }) => atMostThree(addressesOf(object)) || '<unset>' },
    ageColumn,
  ],
}

function printSubsets({ subsets }: Endpoints): string {
  if (subsets.length === 0) return '<none>'
  const texts = subsets.flatMap(({ addresses, ports }) =>
    ports.length === 0
      ? addresses.map(({ ip }) => ip)
      : ports.flatMap(({ port }) => addresses.map(({ ip }) => withPort(ip, port))),
  )
  return atMostThree(texts)
}

/** An address before a port; the address may be whatever somebody wrote. */
export function withPort(address: string, port: number | undefined): string {
  if (port === undefined) return address
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}

// The server fills in the empty name for a port without one, so kubectl's `*` is never seen.
function printPort({ port, name }: SlicePort): string {
  return port === undefined ? name : String(port)
}

/** Every address, whether or not anybody answers there. */
function addressesOf({ endpoints }: EndpointSlice): string[] {
  return endpoints.flatMap(({ address, otherAddresses = [] }) =>
    address === '' ? [] : [address, ...otherAddresses],
  )
}
