import type { Fields } from '../../manifest/document.ts'
import { isSimulated } from '../../object/annotation.ts'
import { type KubernetesObject, map, text } from '../../object/metadata.ts'
import { ageOf } from './age.ts'

/** A kind of objects as `kubectl get` shows it. */
export interface Resource<T extends KubernetesObject> extends ResourceNames {
  readonly columns: readonly Column<T>[]
}

export interface ResourceNames {
  /** `services` */
  readonly plural: string
  /** `service` */
  readonly singular: string
  /** `svc` */
  readonly shortNames: readonly string[]
  /** `''` for the core group, which has no name. */
  readonly group: string
  readonly namespaced: boolean
}

export interface Column<T extends KubernetesObject> {
  readonly header: string
  /** Shown with `-o wide` only. */
  readonly wide?: boolean
  /** `now` is in milliseconds since 1970: ages are counted from there. */
  readonly cell: (entry: Entry<T>, now: number) => string
}

/** An object, and the whole of it as `-o yaml` shows it. */
export interface Entry<T extends KubernetesObject> {
  readonly object: T
  readonly fields: Fields
}

export type Width = 'narrow' | 'wide'

/** Objects of one kind, ready to be shown whatever the kind is. */
export interface Listing {
  readonly names: ResourceNames
  readonly rows: readonly Row[]
  readonly headers: (width: Width) => readonly string[]
}

export interface Row {
  readonly object: KubernetesObject
  readonly fields: Fields
  readonly cells: (width: Width, now: number) => readonly string[]
}

export function listing<T extends KubernetesObject>(
  resource: Resource<T>,
  entries: readonly Entry<T>[],
): Listing {
  const narrow = resource.columns.filter((column) => column.wide !== true)
  const columns = { narrow, wide: resource.columns }
  return {
    names: resource,
    headers: (width) => columns[width].map(({ header }) => header),
    rows: entries.map((entry) => ({
      ...entry,
      cells: (width, now) => columns[width].map(({ cell }) => cell(entry, now)),
    })),
  }
}

/** `service/web`, or `endpointslice.discovery.k8s.io/web-x7k2p` outside the core group. */
export function qualifiedName({ singular, group }: ResourceNames, name: string): string {
  return group === '' ? `${singular}/${name}` : `${singular}.${group}/${name}`
}

/** `services`, or `endpointslices.discovery.k8s.io` outside the core group. */
export function pluralOf({ plural, group }: ResourceNames): string {
  return group === '' ? plural : `${plural}.${group}`
}

/** What every table begins with. */
export const nameColumn: Column<KubernetesObject> = {
  header: 'NAME',
  cell: ({ object }) => object.name,
}

/** What was made up has no age, and this is where a table has room to say so. */
export const ageColumn: Column<KubernetesObject> = {
  header: 'AGE',
  cell: ({ object, fields }, now) =>
    isSimulated(object) ? '<simulated>' : ageOf(text(map(fields.metadata).creationTimestamp), now),
}

/** At most three, and how many more there are. */
export function atMostThree(texts: readonly string[]): string {
  const more = texts.length > 3 ? ` + ${texts.length - 3} more...` : ''
  return texts.slice(0, 3).join(',') + more
}
