import type { Fields } from '../manifest/document.ts'
import {
  type ApiError,
  type Field,
  field,
  invalid,
  printField,
  required,
  tooLong,
} from './api-error.ts'
import { byteLength, json, quote } from './go-text.ts'
import { type KubernetesObject, list, map, type Strings, text, texts } from './metadata.ts'
import { asDNSLabel, faultsOfDNSLabel, faultsOfLabelKey, faultsOfLabelValue } from './names.ts'

type Faults = (text: string) => readonly string[]

/** What all objects have to obey: ValidateObjectMeta. Kinds differ in what their names may be. */
export function metadataErrors(
  { namespace, name, labels, annotations }: KubernetesObject,
  fields: Fields,
  faultsOfName: Faults,
): ApiError[] {
  const written = map(fields.metadata)
  const errors: ApiError[] = []
  addNameErrors(errors, name, text(written.generateName), faultsOfName)
  for (const fault of faultsOfDNSLabel(namespace)) {
    errors.push(invalid(field('metadata', 'namespace'), quote(namespace), fault))
  }
  addLabelErrors(errors, labels, labelsField)
  addAnnotationErrors(errors, annotations)
  if (written.ownerReferences !== undefined) addOwnerErrors(errors, list(written.ownerReferences))
  if (written.finalizers !== undefined) addFinalizerErrors(errors, texts(written.finalizers))
  return errors
}

const labelsField = field('metadata', 'labels')
const annotationsField = field('metadata', 'annotations')

// Nothing is built for objects that are right, as most are.

function addNameErrors(
  errors: ApiError[],
  name: string,
  prefix: string | undefined,
  faultsOfName: Faults,
): void {
  if (prefix !== undefined) {
    for (const fault of faultsOfName(withoutDash(prefix))) {
      errors.push(invalid(field('metadata', 'generateName'), quote(prefix), fault))
    }
  }
  if (name !== '') {
    for (const fault of faultsOfName(name)) {
      errors.push(invalid(field('metadata', 'name'), quote(name), fault, hintForName(name)))
    }
  } else if (prefix === undefined) {
    errors.push(required(field('metadata', 'name'), 'name or generateName is required'))
  }
}

/** The server adds letters to a prefix, so a dash may end it. Two letters go for the one dash. */
function withoutDash(prefix: string): string {
  return prefix.length > 1 && prefix.endsWith('-') ? `${prefix.slice(0, -2)}a` : prefix
}

export function hintForName(name: string): string | undefined {
  const near = asDNSLabel(name)
  return near === undefined ? undefined : `"${near}" would do`
}

/** Labels, and selectors, which are made of them. */
export function labelErrors(labels: Strings, at: Field): readonly ApiError[] {
  const errors: ApiError[] = []
  addLabelErrors(errors, labels, at)
  return errors
}

function addLabelErrors(errors: ApiError[], labels: Strings, at: Field): void {
  for (const key in labels) {
    for (const fault of faultsOfLabelKey(key))
      errors.push(invalid(keyIn(at, key), quote(key), fault))
    const value = labels[key] ?? ''
    for (const fault of faultsOfLabelValue(value)) {
      errors.push(invalid(entryOf(at, key), quote(value), fault))
    }
  }
}

const mostBytes = 256 * 1024

function addAnnotationErrors(errors: ApiError[], annotations: Strings): void {
  const at = annotationsField
  let bytes = 0
  for (const key in annotations) {
    for (const fault of faultsOfLabelKey(key.toLowerCase())) {
      errors.push(invalid(keyIn(at, key), quote(key), fault))
    }
    bytes += byteLength(key) + byteLength(annotations[key] ?? '')
  }
  if (bytes > mostBytes) errors.push(tooLong({ ...at, part: 'key' }, mostBytes))
}

// The server names the whole map; the entry is where the fault is.

function keyIn(map: Field, key: string): Field {
  return { name: printField(map), path: [...map.path, key], part: 'key' }
}

function entryOf(map: Field, key: string): Field {
  return { name: printField(map), path: [...map.path, key] }
}

function addOwnerErrors(errors: ApiError[], owners: readonly Fields[]): void {
  let controller: string | undefined
  for (const [index, owner] of owners.entries()) {
    const of = (key: string): string => text(map(owner)[key]) ?? ''
    // The server leaves the index out.
    const at = (key: string): Field => ({
      name: `metadata.ownerReferences.${key}`,
      path: ['metadata', 'ownerReferences', index, key],
    })
    if (!/^([^/]*\/)?[^/]+$/.test(of('apiVersion'))) {
      const detail = 'version must not be empty'
      errors.push(invalid(at('apiVersion'), quote(of('apiVersion')), detail))
    }
    for (const key of ['kind', 'name', 'uid']) {
      if (of(key) === '') errors.push(invalid(at(key), '""', 'must not be empty'))
    }
    if (map(owner).controller !== true) continue
    const name = `${of('kind')}/${of('name')}`
    if (controller !== undefined) {
      const detail = `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${name}`
      const { path } = at('controller')
      errors.push(invalid({ name: 'metadata.ownerReferences', path }, ownersText(owners), detail))
    }
    controller ??= name
  }
}

/** References as Go prints them: in this order, whatever the order was. */
function ownersText(owners: readonly Fields[]): string {
  return json(
    owners.map((owner) => {
      const { apiVersion, kind, name, uid, controller, blockOwnerDeletion } = map(owner)
      return {
        apiVersion: apiVersion ?? '',
        kind: kind ?? '',
        name: name ?? '',
        uid: uid ?? '',
        controller: controller ?? undefined,
        blockOwnerDeletion: blockOwnerDeletion ?? undefined,
      }
    }),
  )
}

function addFinalizerErrors(errors: ApiError[], finalizers: readonly string[]): void {
  const at = field('metadata', 'finalizers')
  for (const [index, name] of finalizers.entries()) {
    for (const fault of faultsOfLabelKey(name)) {
      errors.push(invalid({ name: printField(at), path: [...at.path, index] }, quote(name), fault))
    }
  }
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion')) {
    const detail = 'finalizer foregroundDeletion and orphan cannot be both set'
    errors.push(invalid(at, json(finalizers), detail))
  }
}
