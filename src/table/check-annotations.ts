import {
  annotationMisplaced,
  annotationUnknown,
  annotationValue,
  type Unusable,
} from '../diagnostic/complaints.ts'
import type { Report } from '../diagnostic/diagnostic.ts'
import type { Place } from '../diagnostic/source.ts'
import {
  type Annotated,
  annotatedIn,
  annotationPrefix,
  annotations,
  knownAnnotations,
} from '../object/annotation.ts'
import type { Cluster } from '../object/cluster.ts'
import { placeOf } from '../object/written.ts'
import { heaviest, parseWeight } from '../roster/weight.ts'
import { isSilent, type Settings, settingsFrom, wordingOf } from './service-settings.ts'

/** Reports every annotation of ours that is unknown, on the wrong object, or not to be used. */
export function checkAnnotations(cluster: Cluster, defaults: Settings, report: Report): void {
  for (const annotated of annotatedIn(cluster)) {
    if (isSilent(annotated.annotations)) continue
    checkNames(annotated, report)
    checkWeight(annotated, report)
    if (annotated.kind === 'Service') checkSettings(annotated, defaults, report)
    if (annotated.kind === 'Service') checkForms(annotated, report)
  }
}

function checkNames(annotated: Annotated, report: Report): void {
  for (const name of Object.keys(annotated.annotations)) {
    if (!name.startsWith(annotationPrefix)) continue
    const known = knownAnnotations.find((annotation) => annotation.name === name)
    const place = placeIn(annotated, name, 'key')
    if (known === undefined) {
      report(annotationUnknown(name, namesFor(annotated)).at(place))
    } else if (!known.on.includes(annotated.kind)) {
      report(annotationMisplaced(name, annotated.kind, known.on).at(place))
    }
  }
}

function namesFor({ kind }: Annotated): readonly string[] {
  return knownAnnotations.filter(({ on }) => on.includes(kind)).map(({ name }) => name)
}

function checkSettings(annotated: Annotated, defaults: Settings, report: Report): void {
  settingsFrom(wordingOf(annotated.annotations), defaults, (key, unusable) =>
    refuse(annotated, annotations[key].name, unusable, report),
  )
}

function checkWeight(annotated: Annotated, report: Report): void {
  const { name, on } = annotations.weight
  const text = annotated.annotations[name]
  if (text === undefined || !(on as readonly string[]).includes(annotated.kind)) return
  if (parseWeight(text) !== undefined) return
  const unusable = {
    reason: `"${text}" is no weight`,
    help: `write a number from 0 to ${heaviest}`,
  }
  refuse(annotated, name, unusable, report)
}

function checkForms(annotated: Annotated, report: Report): void {
  const { serve, probe, probeFallback } = annotations
  for (const [{ name, value }, form] of [
    [serve, /^(all|external)$/],
    [probe, /^(tcp|https?:\/\S*)$/],
    [probeFallback, /^(keep|empty)$/],
  ] as const) {
    const text = annotated.annotations[name]
    if (text === undefined || form.test(text)) continue
    refuse(annotated, name, { reason: `"${text}" cannot be used`, help: `write ${value}` }, report)
  }
}

function refuse(annotated: Annotated, name: string, unusable: Unusable, report: Report): void {
  report(annotationValue(name, unusable).at(placeIn(annotated, name, 'value')))
}

function placeIn(
  { object, path }: Annotated,
  name: string,
  part: 'key' | 'value',
): Place | undefined {
  return object.origin && placeOf(object.origin, [...path, name], part)
}
