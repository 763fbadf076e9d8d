import type { Command } from 'commander'
import { flag, withInput, withPools, withView } from './options.ts'

/** Manifests or rules, and what they are compiled with. */
export function withWanted(command: Command): Command {
  withInput(command).option('--rules <file>', "rules in ipvsadm's own words; - for standard input")
  return withView(withPools(command)).optionsGroup('Options:')
}

/** What is applied together, and whether what is not given is to go. */
export function withSet(command: Command): Command {
  return command
    .addOption(
      flag('--set <name>', 'what is applied and pruned together', String).default(
        'default',
        'default',
      ),
    )
    .option('--prune', 'delete Services of the set that are not given', false)
}

/** ipvsadm's ways to mean one virtual server. */
export function withOneServer(command: Command): Command {
  return command
    .optionsGroup('One virtual server:')
    .option('-t, --tcp-service <address>', 'by its address and port, over TCP')
    .option('-u, --udp-service <address>', 'over UDP')
    .option('--sctp-service <address>', 'over SCTP')
    .option('--fwmark-service <mark>', 'by its firewall mark; -f is always a manifest here')
    .option('-6, --ipv6', 'the mark is one of IPv6')
    .optionsGroup('Options:')
}
