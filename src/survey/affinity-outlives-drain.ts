import { affinityOutlivesDrain } from '../diagnostic/complaints.ts'
import type { Report } from '../diagnostic/diagnostic.ts'
import { isHeadless } from '../object/service.ts'
import { asNote } from './note.ts'
import { at, type Surveyed } from './surveyed.ts'

/** Where nobody says how long a drain may take: a quarter of an hour. */
const usualDrain = 900

/**
 * A session affinity ends before a drain does. Until it ends, clients that come back go to the back
 * end that is to be emptied.
 */
export function affinityEndsBeforeDrain({ cluster, facts }: Surveyed, report: Report): void {
  const drain = facts.drainTimeout ?? usualDrain
  for (const service of cluster.services) {
    const seconds = service.spec.sessionAffinityConfig?.clientIP.timeoutSeconds
    if (seconds === undefined || seconds <= drain || isHeadless(service)) continue
    const path = ['spec', 'sessionAffinityConfig', 'clientIP', 'timeoutSeconds']
    const isWritten = 'sessionAffinityConfig' in ((service.fields.spec ?? {}) as object)
    const place = at(service, isWritten ? path : ['spec', 'sessionAffinity'])
    const found = affinityOutlivesDrain(seconds, drain).at(place)
    report(facts.drainTimeout === undefined ? asNote(found) : found)
  }
}
