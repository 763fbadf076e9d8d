import type { OptionName } from './rule-options.ts'
import type { Topic } from './rule-topics.ts'

/** What a rule is to do; the first option of it says so. */
export interface Command {
  /** What ipvsadm calls it in its complaints. */
  readonly name: string
  readonly required: readonly Topic[]
  readonly optional: readonly Topic[]
  /** At most one of them. */
  readonly exclusive: readonly Topic[]
}

function command(name: string, parts: Partial<Omit<Command, 'name'>> = {}): Command {
  return { name, required: [], optional: [], exclusive: [], ...parts }
}

const ofService = ['scheduler', 'persistent', 'netmask', 'ops', 'pe', 'sched-flags'] as const
const ofRealServer = [
  'forwarding-method',
  'weight',
  'u-threshold',
  'l-threshold',
  'tun-type',
  'tun-port',
  'tun-nocsum',
  'tun-csum',
  'tun-remcsum',
] as const
const bothAddresses = ['service-address', 'real-server'] as const
const ofListing = [
  'numeric',
  'stats',
  'rate',
  'thresholds',
  'persistent-conn',
  'nosort',
  'syncid',
  'exact',
  'tun-info',
] as const
const ofDaemon = [
  'mcast-interface',
  'syncid',
  'mcast-group',
  'mcast-port',
  'mcast-ttl',
  'sync-maxlen',
] as const

const commands = {
  'add-service': command('add-service', { required: ['service-address'], optional: ofService }),
  'edit-service': command('edit-service', { required: ['service-address'], optional: ofService }),
  'delete-service': command('delete-service', { required: ['service-address'] }),
  clear: command('flush'),
  list: command('list', {
    optional: ofListing,
    exclusive: ['connection', 'service-address', 'timeout', 'daemon'],
  }),
  'add-server': command('add-server', { required: bothAddresses, optional: ofRealServer }),
  'delete-server': command('delete-server', { required: bothAddresses }),
  'edit-server': command('edit-server', { required: bothAddresses, optional: ofRealServer }),
  set: command('set'),
  'start-daemon': command('start-daemon', { optional: ofDaemon }),
  'stop-daemon': command('stop-daemon', { optional: ['syncid'] }),
  restore: command('restore'),
  save: command('save', { optional: ['numeric'] }),
  zero: command('zero', { optional: ['service-address'] }),
} as const satisfies Partial<Record<OptionName, Command>>

export type CommandName = keyof typeof commands

export function isCommand(option: OptionName): option is CommandName {
  return option in commands
}

export function commandOf(name: CommandName): Command {
  return commands[name]
}
