import type { Table, VirtualServer } from './virtual-server.ts'

/** The virtual servers of each Service, by its name, in the order of the table. */
export function serversByService(table: Table): ReadonlyMap<string, readonly VirtualServer[]> {
  const byService = new Map<string, VirtualServer[]>()
  for (const server of table) {
    const name = server.cause?.service ?? ''
    const others = byService.get(name)
    if (others === undefined) byService.set(name, [server])
    else others.push(server)
  }
  return byService
}
