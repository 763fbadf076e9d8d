import { type Access, accessIn, accessInCluster, accountFolder } from '../watch/kubeconfig.ts'
import type { Resource } from '../watch/reflection.ts'
import { type World, WorldError } from '../world/world.ts'

// What a proxy asks an API server for: all but what other proxies look after, and what has no
// virtual address anyway.
const labelSelector = '!service.kubernetes.io/service-proxy-name,!service.kubernetes.io/headless'

export const proxied: readonly Resource[] = [
  { path: '/api/v1/services', kind: 'Service', apiVersion: 'v1', labelSelector },
  {
    path: '/apis/discovery.k8s.io/v1/endpointslices',
    kind: 'EndpointSlice',
    apiVersion: 'discovery.k8s.io/v1',
    labelSelector,
  },
  { path: '/api/v1/nodes', kind: 'Node', apiVersion: 'v1', labelSelector: undefined },
]

export interface AccessFlags {
  readonly kubeconfig: string | undefined
  readonly context: string | undefined
}

/** The way to the API server: by a kubeconfig that is named, as a pod, or by the usual kubeconfig. */
export function accessTo({ kubeconfig, context }: AccessFlags, world: World): Access {
  const named = kubeconfig ?? world.variable('KUBECONFIG')
  const host = world.variable('KUBERNETES_SERVICE_HOST')
  const port = world.variable('KUBERNETES_SERVICE_PORT') ?? '443'
  if (named === undefined && host !== undefined) {
    if (world.readFile(`${accountFolder}/token`) !== undefined) return accessInCluster(host, port)
  }
  const path = named ?? `${world.variable('HOME') ?? ''}/.kube/config`
  const found = world.readFile(path)
  if (found === undefined) {
    throw new WorldError(`the kubeconfig "${path}" does not exist`, { kind: 'input' })
  }
  const access = accessIn({ name: path, text: found }, context)
  if (typeof access !== 'string') return access
  throw new WorldError(`the kubeconfig "${path}" cannot be used: ${access}`, { kind: 'input' })
}
