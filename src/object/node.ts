import type { Fields } from '../manifest/document.ts'
import { type KubernetesObject, list, map, readMetadata, text, texts } from './metadata.ts'
import type { Origin } from './written.ts'

export interface Node extends KubernetesObject {
  readonly addresses: readonly { readonly type: string; readonly address: string }[]
  /** `spec.podCIDRs`, else `spec.podCIDR`. */
  readonly podCIDRs: readonly string[]
  /** The status of its Ready condition; absent where it has none. */
  readonly ready: string | undefined
  readonly unschedulable: boolean
  readonly zone: string | undefined
  /** `status.nodeInfo`, for the wide table. */
  readonly info: Fields
  readonly creationTimestamp: string | undefined
}

export function readNode(fields: Fields, origin: Origin): Node {
  const metadata = readMetadata(fields, '', origin)
  const spec = map(fields.spec)
  const status = map(fields.status)
  const podCIDRs = texts(spec.podCIDRs)
  const podCIDR = text(spec.podCIDR)
  const ready = list(status.conditions).find((entry) => entry?.type === 'Ready')
  return {
    ...metadata,
    namespace: '',
    addresses: list(status.addresses).map((entry) => ({
      type: text(entry?.type) ?? '',
      address: text(entry?.address) ?? '',
    })),
    podCIDRs: podCIDRs.length === 0 && podCIDR !== undefined ? [podCIDR] : podCIDRs,
    ready: text(ready?.status),
    unschedulable: spec.unschedulable === true,
    zone: text(metadata.labels['topology.kubernetes.io/zone']),
    info: map(status.nodeInfo),
    creationTimestamp: text(map(fields.metadata).creationTimestamp),
  }
}
