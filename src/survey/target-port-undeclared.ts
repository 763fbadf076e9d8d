import { targetPortUndeclared } from '../diagnostic/complaints.ts'
import type { Report } from '../diagnostic/diagnostic.ts'
import { at, type Surveyed } from './surveyed.ts'
import { targetPortsOf } from './target-port.ts'

/**
 * A targetPort is among the ports that the selected containers declare. They need not declare any,
 * so nothing is said where they do not.
 */
export function targetPortIsDeclared(surveyed: Surveyed, report: Report): void {
  for (const { service, port, index, declared } of targetPortsOf(surveyed)) {
    const { targetPort: number, protocol } = port
    if (typeof number !== 'number' || declared.length === 0) continue
    if (declared.some((it) => it.containerPort === number && it.protocol === protocol)) continue
    const all = new Set(declared.map((it) => `${it.containerPort}/${it.protocol}`))
    const said = targetPortUndeclared(`${number}/${protocol}`, [...all])
    report(said.at(at(service, ['spec', 'ports', index, 'targetPort'])))
  }
}
