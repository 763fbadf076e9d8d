import type { Change } from '../../table/change.ts'
import type { RealServer } from '../../table/virtual-server.ts'
import { hostAndPort, protocolOf } from './host-and-port.ts'
import { printRealServerOptions, printService, printServiceOptions } from './rules.ts'

/** Changes as `ipvsadm -R` takes them, one a line. */
export function printChanges(changes: readonly Change[]): string {
  return changes.map((change) => `${printChange(change)}\n`).join('')
}

/** One change as a rule of ipvsadm. */
export function printChange(change: Change): string {
  const { server } = change
  const name = printService(server)
  switch (change.verb) {
    case 'add':
      return `-A ${name}${printServiceOptions(server)}`
    case 'edit':
      return `-E ${name}${printServiceOptions(server)}`
    case 'delete':
      return `-D ${name}`
    case 'attach':
    case 'adjust': {
      const letter = change.verb === 'attach' ? '-a' : '-e'
      const { realServer } = change
      const options = printRealServerOptions(realServer) + printThresholds(realServer)
      return `${letter} ${name} -r ${hostOf(change)}${options}`
    }
    case 'detach':
      return `-d ${name} -r ${hostOf(change)}`
  }
}

function hostOf({ server, realServer }: Extract<Change, { realServer: RealServer }>): string {
  return hostAndPort(realServer.address, realServer.port, protocolOf(server), undefined)
}

function printThresholds({ upperThreshold, lowerThreshold }: RealServer): string {
  return upperThreshold === 0 ? '' : ` -x ${upperThreshold} -y ${lowerThreshold}`
}
