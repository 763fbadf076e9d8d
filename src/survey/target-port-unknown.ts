import { targetPortUnknown } from '../diagnostic/complaints.ts'
import type { Report } from '../diagnostic/diagnostic.ts'
import { at, type Surveyed } from './surveyed.ts'
import { targetPortsOf } from './target-port.ts'

/** A named targetPort is the name of a port of the selected containers. */
export function targetPortHasName(surveyed: Surveyed, report: Report): void {
  for (const { service, port, index, declared } of targetPortsOf(surveyed)) {
    const { targetPort: name, protocol } = port
    if (typeof name !== 'string') continue
    const named = declared.filter((it) => it.name === name)
    if (named.some((it) => it.protocol === protocol)) continue
    const fitting = declared.filter((it) => it.protocol === protocol)
    const names = new Set(fitting.flatMap((it) => it.name ?? []))
    const otherProtocol = named[0]?.protocol
    const said = targetPortUnknown(name, protocol, { names: [...names], otherProtocol })
    report(said.at(at(service, ['spec', 'ports', index, 'targetPort'])))
  }
}
