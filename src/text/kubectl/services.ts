import type { Ingress, Service, ServicePort } from '../../object/service.ts'
import { printLabels } from './labels.ts'
import { ageColumn, nameColumn, type Resource } from './resource.ts'

export const services: Resource<Service> = {
  plural: 'services',
  singular: 'service',
  shortNames: ['svc'],
  group: '',
  namespaced: true,
  columns: [
    nameColumn,
    { header: 'TYPE', cell: ({ object }) => object.spec.type },
    { header: 'CLUSTER-IP', cell: ({ object }) => object.spec.clusterIPs?.[0] ?? '<none>' },
    { header: 'EXTERNAL-IP', cell: ({ object }) => externalAddresses(object) },
    { header: 'PORT(S)', cell: ({ object }) => printPorts(object.spec.ports) },
    ageColumn,
    { header: 'SELECTOR', wide: true, cell: ({ object }) => printLabels(object.spec.selector) },
  ],
}

function externalAddresses({ spec, ingress }: Service): string {
  const externalIPs = spec.externalIPs ?? []
  switch (spec.type) {
    case 'ClusterIP':
    case 'NodePort':
      return externalIPs.join(',') || '<none>'
    case 'LoadBalancer':
      return [...balancersOf(ingress), ...externalIPs].join(',') || '<pending>'
    case 'ExternalName':
      return spec.externalName ?? ''
    default:
      return '<unknown>'
  }
}

/** All of them: the server prints its cells as for `-o wide`, whatever kubectl then shows of them. */
function balancersOf(ingress: readonly Ingress[]): string[] {
  return [...new Set(ingress.flatMap(({ ip, hostname }) => ip ?? hostname ?? []))].sort()
}

function printPorts(ports: readonly ServicePort[]): string {
  const texts = ports.map(({ port, nodePort, protocol }) =>
    nodePort > 0 ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`,
  )
  return texts.join(',') || '<none>'
}
