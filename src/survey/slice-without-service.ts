import { sliceWithoutService } from '../diagnostic/complaints.ts'
import type { Report } from '../diagnostic/diagnostic.ts'
import { suggest } from '../diagnostic/suggest.ts'
import { serviceNameLabel } from '../object/endpoint-slice.ts'
import { at, type Surveyed } from './surveyed.ts'

/**
 * An EndpointSlice names its Service in the label kubernetes.io/service-name. Slices that are
 * exchanged between clusters have a label of another domain for it.
 */
export function sliceHasService({ cluster }: Surveyed, report: Report): void {
  for (const slice of cluster.slices) {
    if (slice.service !== undefined) continue
    const labels = Object.keys(slice.labels)
    if (labels.some((key) => key !== serviceNameLabel && key.endsWith('/service-name'))) continue
    const instead = labels.find((key) => suggest(key, [serviceNameLabel]) !== undefined)
    const path = ['metadata', 'labels', ...(instead === undefined ? [] : [instead])]
    report(sliceWithoutService(serviceNameLabel, instead).at(at(slice, path, 'key')))
  }
}
