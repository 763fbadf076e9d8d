import { type Strings, selects } from '../object/metadata.ts'
import type { Pod } from '../object/pod.ts'

/** Pods by namespace and by each of their labels, so that no selector has to look at all of them. */
export type PodIndex = ReadonlyMap<string, readonly Pod[]>

export function indexPods(pods: readonly Pod[]): PodIndex {
  const index = new Map<string, Pod[]>()
  for (const pod of pods) {
    for (const key of Object.keys(pod.labels)) {
      const pair = keyOf(pod.namespace, key, pod.labels[key])
      const others = index.get(pair)
      if (others === undefined) index.set(pair, [pod])
      else others.push(pod)
    }
  }
  return index
}

/** The pods of a namespace that a selector means, by name. An empty selector means none. */
export function selectPods(index: PodIndex, namespace: string, selector: Strings): readonly Pod[] {
  let fewest: readonly Pod[] | undefined
  for (const key of Object.keys(selector)) {
    const pods = index.get(keyOf(namespace, key, selector[key])) ?? []
    if (fewest === undefined || pods.length < fewest.length) fewest = pods
  }
  const selected = (fewest ?? []).filter(({ labels }) => selects(selector, labels))
  return selected.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

/** Neither names nor labels can contain a line break. */
function keyOf(namespace: string, key: string, value: string | undefined): string {
  return `${namespace}\n${key}=${value}`
}
