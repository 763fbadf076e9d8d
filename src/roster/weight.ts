import { annotations } from '../object/annotation.ts'
import type { KubernetesObject } from '../object/metadata.ts'

/** The heaviest that the kernel takes. */
export const heaviest = 2 ** 31 - 1

/** How much an object's annotation lets its real servers take; absent where it does not say. */
export function weightOf({
  annotations: texts,
}: Pick<KubernetesObject, 'annotations'>): number | undefined {
  const text = texts[annotations.weight.name]
  return text === undefined ? undefined : parseWeight(text)
}

export function parseWeight(text: string): number | undefined {
  const weight = /^[0-9]{1,10}$/.test(text) ? Number(text) : Number.NaN
  return weight <= heaviest ? weight : undefined
}
