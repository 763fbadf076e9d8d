import { nodePortHostPort } from '../diagnostic/complaints.ts'
import type { Report } from '../diagnostic/diagnostic.ts'
import { type HostPort, hostPortsOf } from './host-port.ts'
import { type NodePortWish, needNameOf, nodePortWishes } from './node-port-wish.ts'
import type { Selection } from './selection.ts'
import { at, type Surveyed } from './surveyed.ts'

/** A node port is not a port that a container has on the host. */
export function nodePortNotHostPort(surveyed: Surveyed, report: Report): void {
  const { cluster, selection, freeNodePort } = surveyed
  const hostPorts = new Map<string, HostPort>()
  for (const hostPort of hostPortsOf(selection.targets)) {
    const key = `${hostPort.protocol} ${hostPort.port}`
    if (!hostPorts.has(key)) hostPorts.set(key, hostPort)
  }
  if (hostPorts.size === 0) return
  for (const wish of nodePortWishes(cluster.services)) {
    const { port, protocol, service, path } = wish
    const hostPort = hostPorts.get(`${protocol} ${port}`)
    if (hostPort === undefined || leadsThere(wish, hostPort, selection)) continue
    const said = nodePortHostPort(
      `${protocol} ${port}`,
      hostPort.owner,
      freeNodePort(needNameOf(wish)),
    )
    const { place } = hostPort
    const related = place === undefined ? [] : [{ at: place, label: 'the port of the host' }]
    report(said.at(at(service, path), ...related))
  }
}

/** Where the Service sends its packets to that very port, they arrive where they were meant to. */
function leadsThere(
  { service, servicePort }: NodePortWish,
  { target, port }: HostPort,
  { targetsOf }: Selection,
): boolean {
  return servicePort?.targetPort === port && targetsOf(service).includes(target)
}
