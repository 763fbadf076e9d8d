import { slicePortUnmatched } from '../diagnostic/complaints.ts'
import type { Report } from '../diagnostic/diagnostic.ts'
import type { Path } from '../manifest/document.ts'
import type { KubernetesObject } from '../object/metadata.ts'
import { isHeadless, type Service } from '../object/service.ts'
import { at, type Surveyed } from './surveyed.ts'

/** A port of a slice is a port of its Service by name and protocol. */
export function slicePortIsMatched({ written }: Surveyed, report: Report): void {
  for (const { kind, object, service } of written) {
    if (service === undefined || isHeadless(service) || service.spec.type === 'ExternalName')
      continue
    if (kind === 'EndpointSlice') checkPorts(object, object.ports, [], service, report)
    else {
      for (const [index, { ports }] of object.subsets.entries()) {
        checkPorts(object, ports, ['subsets', index], service, report)
      }
    }
  }
}

interface NamedPort {
  readonly name: string
  readonly protocol: string
}

function checkPorts(
  object: KubernetesObject,
  ports: readonly NamedPort[],
  path: Path,
  { name, spec }: Service,
  report: Report,
): void {
  for (const [index, port] of ports.entries()) {
    if (spec.ports.some((it) => it.name === port.name && it.protocol === port.protocol)) continue
    const said = slicePortUnmatched(shown(port), name, spec.ports.map(shown))
    const field = spec.ports.some((it) => it.name === port.name) ? 'protocol' : 'name'
    report(said.at(at(object, [...path, 'ports', index, field])))
  }
}

function shown({ name, protocol }: NamedPort): string {
  return name === '' ? `without a name (${protocol})` : `"${name}" (${protocol})`
}
