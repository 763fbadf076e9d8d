import { type IP, parseIP, withPort } from '../address/ip.ts'
import { addressIn } from '../ledger/drains.ts'
import {
  type Entry,
  type HeldRealServer,
  type HeldServer,
  heldIdentity,
  placeOf,
} from '../ledger/ledger.ts'
import { sameValue } from '../ledger/same-value.ts'
import {
  type Cause,
  Flag,
  Forwarding,
  fullNetmask,
  identityOf,
  lineOfCause,
  protocolNames,
  type RealServer,
  type VirtualServer,
} from './virtual-server.ts'

// Between the virtual servers of a table and what the ledger holds of them. What is usual goes
// unsaid there, so that a line of the ledger says what is special about it.

/** A virtual server as the ledger holds it. */
export function heldFrom(server: VirtualServer): HeldServer {
  const { fwmark, family, protocol, address, port, scheduler, timeout, netmask, engine } = server
  const flags = server.flags & ~Flag.hashed
  const held: Partial<Filling<HeldServer>> =
    fwmark === 0
      ? { protocol: protocolNames.get(protocol) ?? String(protocol), address, port }
      : { fwmark }
  if (fwmark !== 0 && family === 'IPv6') held.family = family
  held.scheduler = scheduler
  if (flags !== 0) held.flags = flags
  if (timeout !== 0) held.timeout = timeout
  if (netmask !== fullNetmask[family]) held.netmask = netmask
  if (engine !== undefined) held.engine = engine
  if (server.cause !== undefined) addCause(held, server.cause)
  held.realServers = server.realServers.map(heldRealServer)
  return held as HeldServer
}

/** There are many of them, and spreads would take several times the memory. */
type Filling<T> = { -readonly [K in keyof T]: T[K] }

function addCause(held: Partial<Filling<HeldServer>>, cause: Cause): void {
  held.kind = cause.kind
  held.servicePort = cause.port
  const line = lineOfCause(cause)?.line
  if (line !== undefined) held.line = line
}

function heldRealServer(real: RealServer): string | HeldRealServer {
  const { forwarding, weight, upperThreshold, lowerThreshold, tunnel, name, simulated } = real
  const at = withPort(real.address, real.port)
  // Most have this form, and made at once it takes half the memory.
  if (isUsual(real)) return name === undefined ? at : { at, name }
  const held: Filling<HeldRealServer> = { at }
  if (weight !== 1) held.weight = weight
  if (forwarding !== Forwarding.masq) held.forwarding = forwardingName(forwarding)
  if (upperThreshold !== 0) held.upperThreshold = upperThreshold
  if (lowerThreshold !== 0) held.lowerThreshold = lowerThreshold
  if (tunnel !== undefined) held.tunnel = tunnel
  if (name !== undefined) held.name = name
  if (simulated) held.simulated = simulated
  return held
}

/** Whether nothing about it need be said but where it is, and whose it is. */
function isUsual(real: RealServer): boolean {
  const { forwarding, weight, upperThreshold, lowerThreshold, tunnel, simulated } = real
  return (
    weight === 1 &&
    forwarding === Forwarding.masq &&
    upperThreshold === 0 &&
    lowerThreshold === 0 &&
    tunnel === undefined &&
    !simulated
  )
}

/** The real servers of a held virtual server by their places, such as `10.244.1.57:80`. */
export function realServersByPlace({
  realServers,
}: HeldServer): ReadonlyMap<string, string | HeldRealServer> {
  return new Map(realServers.map((real) => [placeOf(real), real]))
}

/** Would the ledger hold a virtual server just as it does? Where it was written does not count. */
export function agrees(held: HeldServer | undefined, server: VirtualServer): boolean {
  if (held === undefined || heldIdentity(held) !== identityOf(server)) return false
  const { cause, realServers } = server
  return (
    hasSettings(held, server) &&
    held.kind === cause?.kind &&
    held.servicePort === cause?.port &&
    held.realServers.length === realServers.length &&
    realServers.every((real, index) => isHeldAs(real, held.realServers[index]))
  )
}

/** Whether a held virtual server is set up as one of a table, whatever real servers they have. */
export function hasSettings(held: HeldServer, server: VirtualServer): boolean {
  const { family, scheduler, flags, timeout, netmask, engine } = server
  return (
    held.scheduler === scheduler &&
    (held.flags ?? 0) === (flags & ~Flag.hashed) &&
    (held.timeout ?? 0) === timeout &&
    (held.netmask ?? fullNetmask[family]) === netmask &&
    held.engine === engine
  )
}

export function isHeldAs(real: RealServer, held: string | HeldRealServer | undefined): boolean {
  return sameValue(held, heldRealServer(real))
}

/** The virtual servers of an entry, as they were put into the kernel. */
export function serversOf(entry: Entry): VirtualServer[] {
  return entry.servers.flatMap((held) => serverFrom(held, entry) ?? [])
}

/** Nothing, where somebody wrote into the ledger what makes no sense. */
function serverFrom(held: HeldServer, entry: Entry): VirtualServer | undefined {
  const { fwmark = 0, scheduler, flags = 0, timeout = 0, engine } = held
  const address = fwmark === 0 ? parseIP(held.address ?? '') : anyAddress(held)
  if (address === undefined) return undefined
  const family = address.includes(':') ? 'IPv6' : 'IPv4'
  return {
    family,
    protocol: fwmark === 0 ? protocolNumber(held.protocol ?? 'TCP') : 0,
    address,
    port: held.port ?? 0,
    fwmark,
    scheduler,
    flags,
    timeout,
    netmask: held.netmask ?? fullNetmask[family],
    engine,
    realServers: held.realServers.flatMap((real) => realServerFrom(real) ?? []),
    cause: causeFrom(held, entry),
  }
}

/** Who asked for a held virtual server; nobody where it came from rules. */
export function causeFrom(held: HeldServer, { name, file }: Entry): Cause | undefined {
  const { kind, servicePort = '', line } = held
  if (kind === undefined) return undefined
  return {
    service: name,
    port: servicePort,
    kind: kind as Cause['kind'],
    line: file === undefined || line === undefined ? undefined : { file, line },
  }
}

function anyAddress({ family }: HeldServer): IP | undefined {
  return parseIP(family === 'IPv6' ? '::' : '0.0.0.0')
}

function realServerFrom(held: string | HeldRealServer): RealServer | undefined {
  const real: HeldRealServer = typeof held === 'string' ? { at: held } : held
  const address = parseIP(addressIn(real.at))
  if (address === undefined) return undefined
  return {
    address,
    port: Number(real.at.slice(real.at.lastIndexOf(':') + 1)),
    forwarding: forwardingNumber(real.forwarding),
    weight: real.weight ?? 1,
    upperThreshold: real.upperThreshold ?? 0,
    lowerThreshold: real.lowerThreshold ?? 0,
    tunnel: real.tunnel,
    name: real.name,
    simulated: real.simulated,
  }
}

const protocolsByName = new Map([...protocolNames].map(([number, name]) => [name, number]))

function protocolNumber(name: string): number {
  return protocolsByName.get(name) ?? Number(name)
}

const forwardingNames: ReadonlyMap<number, string> = new Map(
  Object.entries(Forwarding).map(([name, number]) => [number, name]),
)

/** `masq`, or the number where the kernel has no name for it. */
export function forwardingName(forwarding: number): string {
  return forwardingNames.get(forwarding) ?? String(forwarding)
}

function forwardingNumber(name: string | undefined): number {
  if (name === undefined) return Forwarding.masq
  for (const [number, known] of forwardingNames) if (known === name) return number
  return Number(name)
}
