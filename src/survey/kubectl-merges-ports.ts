import { kubectlMergesPorts } from '../diagnostic/complaints.ts'
import type { Report } from '../diagnostic/diagnostic.ts'
import { nameOf } from '../object/metadata.ts'
import type { Service, ServicePort, ServiceSpec } from '../object/service.ts'
import { asNote } from './note.ts'
import { at, type Surveyed } from './surveyed.ts'

/**
 * Ports of one number and several protocols survive kubectl apply. It is safe to create them, so
 * that a warning is due only where one of them is new to a Service that is there.
 */
export function portsSurviveApply({ cluster, facts }: Surveyed, report: Report): void {
  for (const service of cluster.services) {
    if (service.spec.ports.length < 2) continue
    const held = facts.held.get(nameOf(service))
    for (const { first, second } of pairsOf(service)) warn(service, first, second, held, report)
  }
}

interface Entry {
  readonly port: ServicePort
  readonly index: number
}

/** Each port whose number an earlier one has for another protocol, beside the first such. */
function* pairsOf({ spec }: Service): Generator<{ first: Entry; second: Entry }> {
  const firsts = new Map<number, Entry>()
  for (const [index, port] of spec.ports.entries()) {
    const first = firsts.get(port.port)
    if (first === undefined) firsts.set(port.port, { port, index })
    else if (first.port.protocol !== port.protocol) yield { first, second: { port, index } }
  }
}

function warn(
  service: Service,
  first: Entry,
  second: Entry,
  held: ServiceSpec | undefined,
  report: Report,
): void {
  const isHeld = ({ port: { port, protocol } }: Entry): boolean =>
    held?.ports.some((it) => it.port === port && it.protocol === protocol) === true
  const [added, there] = isHeld(second) && !isHeld(first) ? [first, second] : [second, first]
  const isAdded = isHeld(there) && !isHeld(added)
  const { port, protocol } = added.port
  const said = kubectlMergesPorts(port, protocol, there.port.protocol, isAdded)
  const beside = at(service, ['spec', 'ports', there.index, 'port'])
  const related = beside === undefined ? [] : [{ at: beside, label: 'the number is here already' }]
  const found = said.at(at(service, ['spec', 'ports', added.index, 'port']), ...related)
  report(isAdded ? found : asNote(found))
}
