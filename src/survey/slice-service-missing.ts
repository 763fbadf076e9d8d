import { sliceServiceMissing } from '../diagnostic/complaints.ts'
import type { Report } from '../diagnostic/diagnostic.ts'
import { asNote } from './note.ts'
import { groupBy } from './selection.ts'
import { isSlip } from './slip.ts'
import { at, type Surveyed } from './surveyed.ts'
import { serviceNamePath } from './written-endpoints.ts'

/**
 * The Service of a slice is in the input if others of its namespace are. It may well be elsewhere,
 * so that only a name that looks like a slip is worth a warning.
 */
export function sliceServiceIsHere({ cluster, written }: Surveyed, report: Report): void {
  const lost = written.filter(({ service }) => service === undefined)
  if (lost.length === 0) return
  const namespaces = groupBy(cluster.services, ({ namespace }) => namespace)
  for (const endpoints of lost) {
    const { kind, object, serviceName } = endpoints
    const known = namespaces.get(object.namespace)?.slice(0, most)
    if (known === undefined) continue
    const slip = known.find(({ name }) => isSlip(serviceName, name))
    const said = sliceServiceMissing(kind, serviceName, slip?.name)
    const found = said.at(at(object, serviceNamePath(endpoints)))
    report(slip === undefined ? asNote(found) : found)
  }
}

/** Among more names than these nobody looks for a slip. */
const most = 200
