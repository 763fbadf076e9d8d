import { familyOf } from '../address/ip.ts'
import type { KernelFacts, SyncDaemon, Timeouts } from '../table/settings.ts'
import { Attributes } from './attributes.ts'
import { command, control, daemon, kernelFacts, nest, timeouts } from './ipvs.ts'
import type { Message } from './message.ts'
import { type MessageWriter, messageFlag } from './message-writer.ts'

// What is not about virtual servers: sync daemons, timeouts, the kernel itself. Seldom used.

const request = messageFlag.request
const stateOf = { master: 1, backup: 2 } as const

const outer = new Attributes()
const inner = new Attributes()

/** Asks which number a family of messages has, by its name. */
export function writeFamilyQuestion(out: MessageWriter, name: string): void {
  out.begin(control.id, control.getFamily, request)
  out.put(control.familyName, name, 'IPv4')
  out.end()
}

export function decodeFamilyId({ view, start, end }: Message): number {
  outer.find(view, start, end)
  return outer.get(control.familyId, 0, 'IPv4')
}

export function decodeKernelFacts({ view, start, end }: Message): KernelFacts {
  outer.find(view, start, end)
  return {
    version: outer.get(kernelFacts.version, 0, 'IPv4'),
    size: outer.get(kernelFacts.size, 0, 'IPv4'),
  }
}

export function writeTimeouts(out: MessageWriter, family: number, wanted: Timeouts): void {
  out.begin(family, command.setConfig, request)
  out.put(timeouts.tcp, wanted.tcp, 'IPv4')
  out.put(timeouts.tcpFin, wanted.tcpFin, 'IPv4')
  out.put(timeouts.udp, wanted.udp, 'IPv4')
  out.end()
}

export function decodeTimeouts({ view, start, end }: Message): Timeouts {
  outer.find(view, start, end)
  return {
    tcp: outer.get(timeouts.tcp, 0, 'IPv4'),
    tcpFin: outer.get(timeouts.tcpFin, 0, 'IPv4'),
    udp: outer.get(timeouts.udp, 0, 'IPv4'),
  }
}

export function writeDaemonStart(out: MessageWriter, family: number, wanted: SyncDaemon): void {
  out.begin(family, command.newDaemon, request)
  const start = out.open(nest.daemon)
  out.put(daemon.state, stateOf[wanted.state], 'IPv4')
  out.put(daemon.interface, wanted.interface, 'IPv4')
  out.put(daemon.syncId, wanted.syncId, 'IPv4')
  if (wanted.maxLength !== 0) out.put(daemon.maxLength, wanted.maxLength, 'IPv4')
  if (wanted.group !== undefined) {
    const own = familyOf(wanted.group)
    out.put(own === 'IPv4' ? daemon.group : daemon.group6, wanted.group, own)
  }
  if (wanted.port !== 0) out.put(daemon.port, wanted.port, 'IPv4')
  if (wanted.ttl !== 0) out.put(daemon.ttl, wanted.ttl, 'IPv4')
  out.close(start)
  out.end()
}

export function writeDaemonStop(
  out: MessageWriter,
  family: number,
  state: SyncDaemon['state'],
): void {
  out.begin(family, command.delDaemon, request)
  const start = out.open(nest.daemon)
  out.put(daemon.state, stateOf[state], 'IPv4')
  out.close(start)
  out.end()
}

export function decodeDaemon({ view, start, end }: Message): SyncDaemon | undefined {
  outer.find(view, start, end)
  if (!inner.findIn(outer, nest.daemon)) return undefined
  const family = inner.has(daemon.group6) ? 'IPv6' : 'IPv4'
  const group = family === 'IPv6' ? daemon.group6 : daemon.group
  return {
    state: inner.get(daemon.state, 0, family) === stateOf.backup ? 'backup' : 'master',
    interface: inner.get(daemon.interface, '', family),
    syncId: inner.get(daemon.syncId, 0, family),
    maxLength: inner.get(daemon.maxLength, 0, family),
    group: inner.get(group, undefined, family),
    port: inner.get(daemon.port, 0, family),
    ttl: inner.get(daemon.ttl, 0, family),
  }
}
