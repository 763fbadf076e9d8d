import type { ServiceSpec } from '../object/service.ts'
import type { Backend } from '../roster/backend.ts'
import type { NodeView } from './view.ts'

// Which back ends a virtual server gets on a node: the rules of kube-proxy's `CategorizeEndpoints`
// (Kubernetes 1.36), and what its IPVS mode makes of them.

/** The back ends for traffic from within the cluster, and for traffic that comes from outside. */
export interface Choice {
  readonly internal: readonly Backend[]
  readonly external: readonly Backend[]
}

/**
 * Where the policy is `Local` and nobody on the node answers, IPVS mode falls back on all the others,
 * which no other mode does. A Service that nobody can reach from outside has no others to fall back on.
 */
export function choose(
  backends: readonly Backend[],
  { internalTrafficPolicy, externalTrafficPolicy }: ServiceSpec,
  isAccessible: boolean,
  node: NodeView,
): Choice {
  const keepsIn = internalTrafficPolicy === 'Local'
  const keepsOut = externalTrafficPolicy === 'Local'
  const all = keepsIn && !isAccessible ? [] : clusterBackends(backends, node)
  const local = keepsIn || keepsOut ? localBackends(backends, node) : []
  const near = local.length > 0 ? local : all
  return { internal: keepsIn ? near : all, external: keepsOut ? near : all }
}

/** The ready ones that are near enough, else those about to go. */
function clusterBackends(backends: readonly Backend[], node: NodeView): readonly Backend[] {
  if (backends.every(isReady)) return nearest(backends, node)
  const ready = backends.filter(isReady)
  return ready.length > 0 ? nearest(ready, node) : backends.filter(isLastResort)
}

/** Those on this node, however near others are. */
function localBackends(backends: readonly Backend[], { name }: NodeView): readonly Backend[] {
  const local = backends.filter(({ endpoint }) => endpoint.nodeName === name)
  const ready = local.filter(isReady)
  return ready.length > 0 ? ready : local.filter(isLastResort)
}

function isReady({ endpoint }: Backend): boolean {
  return endpoint.ready
}

/** About to go, but still answering. */
function isLastResort({ endpoint }: Backend): boolean {
  return endpoint.serving && endpoint.terminating
}

/** Hints count only where every back end has one and at least one means us. */
function nearest(ready: readonly Backend[], { name, zone }: NodeView): readonly Backend[] {
  if (ready.every(({ endpoint }) => hasSome(endpoint.hints?.nodes))) {
    const near = ready.filter(({ endpoint }) => endpoint.hints?.nodes.includes(name))
    if (near.length > 0) return near
  }
  if (zone !== undefined && ready.every(({ endpoint }) => hasSome(endpoint.hints?.zones))) {
    const near = ready.filter(({ endpoint }) => endpoint.hints?.zones.includes(zone))
    if (near.length > 0) return near
  }
  return ready
}

function hasSome(names: readonly string[] | undefined): boolean {
  return names !== undefined && names.length > 0
}
