import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { familyOf, type IP, parseIP } from '../../src/address/ip.ts'
import { protocolNames } from '../../src/table/virtual-server.ts'
import type { Names } from '../../src/text/ipvsadm/host-and-port.ts'
import type { Lookup } from '../../src/text/ipvsadm/rule-values.ts'

/** What the host on which listings were recorded calls its addresses and ports, both ways. */
export function readRecordedNames(directory: string): { names: Names; lookup: Lookup } {
  const hosts = wordsIn(join(directory, 'hosts')).map(([text = '', name = '']) => {
    const ip = parseIP(text)
    if (ip === undefined) throw new Error(`not an address: ${text}`)
    return { ip, name }
  })
  const services = wordsIn(join(directory, 'services')).map(([name = '', place = '']) => {
    const [port, protocol = ''] = place.split('/')
    return { name, port: Number(port), protocol: protocol.toUpperCase() }
  })
  return {
    names: {
      host: (ip: IP) => hosts.find((host) => host.ip === ip)?.name,
      port: (port, number) => {
        const protocol = protocolNames.get(number)
        return services.find((one) => one.port === port && one.protocol === protocol)?.name
      },
    },
    lookup: {
      host: (name) =>
        hosts.find((host) => familyOf(host.ip) === 'IPv4' && host.name === name.toLowerCase())?.ip,
      port: (name, protocol) =>
        services.find((one) => one.name === name && one.protocol === protocol)?.port,
    },
  }
}

function wordsIn(file: string): string[][] {
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
}
