import { ipFromWords } from '../../src/address/ip.ts'
import type { RealServer, Table, VirtualServer } from '../../src/table/virtual-server.ts'

/** So many virtual servers with so many real servers each, and no two of them alike. */
export function largeTable(count: number, each: number): Table {
  return Array.from(
    { length: count },
    (_, index): VirtualServer => ({
      family: 'IPv4',
      protocol: 6,
      address: ipFromWords([0x0a600000 + index]),
      port: 80,
      fwmark: 0,
      scheduler: 'rr',
      flags: 0,
      timeout: 0,
      netmask: 0xffffffff,
      engine: undefined,
      realServers: Array.from({ length: each }, (_, i) => realServerAt(index * each + i)),
    }),
  )
}

/** The same as ipvsadm would be told. */
export function rulesOf(table: Table): string {
  return table
    .flatMap(({ address, port, realServers }) => [
      `-A -t ${address}:${port} -s rr\n`,
      ...realServers.map(
        (real) => `-a -t ${address}:${port} -r ${real.address}:${real.port} -m -w 1\n`,
      ),
    ])
    .join('')
}

function realServerAt(index: number): RealServer {
  return {
    address: ipFromWords([0x0af40000 + index]),
    port: 8080,
    forwarding: 0,
    weight: 1,
    upperThreshold: 0,
    lowerThreshold: 0,
    tunnel: undefined,
  }
}
