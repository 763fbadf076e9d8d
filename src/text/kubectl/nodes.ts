import { text } from '../../object/metadata.ts'
import type { Node } from '../../object/node.ts'
import { ageColumn, nameColumn, type Resource } from './resource.ts'

export const nodes: Resource<Node> = {
  plural: 'nodes',
  singular: 'node',
  shortNames: ['no'],
  group: '',
  namespaced: false,
  columns: [
    nameColumn,
    { header: 'STATUS', cell: ({ object }) => statusOf(object) },
    { header: 'ROLES', cell: ({ object }) => rolesOf(object).join(',') || '<none>' },
    ageColumn,
    { header: 'VERSION', cell: ({ object }) => text(object.info.kubeletVersion) ?? '' },
    { header: 'INTERNAL-IP', wide: true, cell: ({ object }) => addressOf(object, 'InternalIP') },
    { header: 'EXTERNAL-IP', wide: true, cell: ({ object }) => addressOf(object, 'ExternalIP') },
    { header: 'OS-IMAGE', wide: true, cell: ({ object }) => told(object.info.osImage) },
    { header: 'KERNEL-VERSION', wide: true, cell: ({ object }) => kernelOf(object) },
    {
      header: 'CONTAINER-RUNTIME',
      wide: true,
      cell: ({ object }) => told(object.info.containerRuntimeVersion),
    },
  ],
}

function statusOf({ ready, unschedulable }: Node): string {
  const status = ready === undefined ? 'Unknown' : ready === 'True' ? 'Ready' : 'NotReady'
  return unschedulable ? `${status},SchedulingDisabled` : status
}

const rolePrefix = 'node-role.kubernetes.io/'

function rolesOf({ labels }: Node): string[] {
  const roles = new Set<string>()
  for (const [key, value] of Object.entries(labels)) {
    if (key.startsWith(rolePrefix)) roles.add(key.slice(rolePrefix.length))
    else if (key === 'kubernetes.io/role') roles.add(value)
  }
  roles.delete('')
  return [...roles].sort()
}

function addressOf({ addresses }: Node, type: string): string {
  return addresses.find((entry) => entry.type === type)?.address ?? '<none>'
}

function told(value: unknown): string {
  return text(value) ?? '<unknown>'
}

/** With the architecture behind it, as since Kubernetes 1.36. */
function kernelOf({ info }: Node): string {
  const architecture = text(info.architecture)
  const kernel = told(info.kernelVersion)
  return architecture === undefined ? kernel : `${kernel} (${architecture})`
}
