import fc from 'fast-check'
import { familyOf, type IP, parseIP } from '../../src/address/ip.ts'
import {
  Flag,
  Forwarding,
  fullNetmask,
  identityOf,
  type RealServer,
  type Table,
  type VirtualServer,
} from '../../src/table/virtual-server.ts'

// Tables from a small world: few addresses and ports, so that tables of chance collide.

const masks = { IPv4: [0xffffffff, 0xffffff00, 0], IPv6: [128, 64, 1] }

const addresses = {
  IPv4: {
    virtual: ['10.96.0.1', '192.168.0.1'],
    real: ['10.244.0.5', '10.244.0.6', '10.244.1.7'],
  },
  IPv6: { virtual: ['fd00:96::1'], real: ['fd00:244::5', 'fd00:244::6'] },
}

/** Any table that a kernel takes. */
export const anyTable: fc.Arbitrary<Table> = fc.uniqueArray(anyServer(), {
  selector: identityOf,
  maxLength: 8,
})

export function ip(text: string): IP {
  const parsed = parseIP(text)
  if (parsed === undefined) throw new Error(`not an address: ${text}`)
  return parsed
}

/** A virtual server as most are, but for what is given. */
export function serverWith(parts: Partial<VirtualServer>): VirtualServer {
  const family = parts.family ?? 'IPv4'
  return {
    family,
    protocol: 6,
    address: ip(family === 'IPv4' ? '10.96.0.1' : 'fd00:96::1'),
    port: 80,
    fwmark: 0,
    scheduler: 'rr',
    flags: 0,
    timeout: 0,
    netmask: fullNetmask[family],
    engine: undefined,
    realServers: [],
    ...parts,
  }
}

export function realServerWith(parts: Partial<RealServer>): RealServer {
  return {
    address: ip('10.244.0.5'),
    port: 8080,
    forwarding: Forwarding.masq,
    weight: 1,
    upperThreshold: 0,
    lowerThreshold: 0,
    tunnel: undefined,
    ...parts,
  }
}

function anyServer(): fc.Arbitrary<VirtualServer> {
  return fc.oneof(
    ...(['IPv4', 'IPv6'] as const).flatMap((family) => [
      fc
        .record({
          settings: anySettings(family),
          protocol: fc.constantFrom(6, 17, 132),
          address: fc.constantFrom(...addresses[family].virtual).map(ip),
          port: fc.constantFrom(53, 80, 443),
        })
        .map(({ settings, ...place }) => serverWith({ family, ...settings, ...place })),
      fc
        .record({ settings: anySettings(family), fwmark: fc.constantFrom(1, 2, 0x80000000) })
        .map(({ settings, fwmark }) => markedServer(family, fwmark, settings)),
    ]),
  )
}

function markedServer(
  family: VirtualServer['family'],
  fwmark: number,
  settings: Partial<VirtualServer>,
): VirtualServer {
  const address = ip(family === 'IPv4' ? '0.0.0.0' : '::')
  return serverWith({ family, ...settings, fwmark, protocol: 0, address, port: 0 })
}

function anySettings(family: VirtualServer['family']): fc.Arbitrary<Partial<VirtualServer>> {
  return fc
    .record({
      scheduler: fc.constantFrom('rr', 'wrr', 'lc', 'wlc', 'sh', 'mh', 'dh', 'sed', 'nq', 'none'),
      flags: fc.subarray([Flag.onePacket, Flag.scheduler1, Flag.scheduler2, Flag.scheduler3]),
      persistence: fc.option(
        fc.record({
          timeout: fc.constantFrom(1, 360, 10800),
          netmask: fc.constantFrom(...masks[family]),
          engine: fc.constantFrom(undefined, 'sip'),
        }),
        { nil: undefined },
      ),
      realServers: fc.uniqueArray(anyRealServer(family), {
        selector: ({ address, port }) => `${address} ${port}`,
        maxLength: 6,
      }),
    })
    .map(({ scheduler, flags, persistence, realServers }) => ({
      scheduler,
      flags: flags.reduce((word, flag) => word | flag, persistence ? Flag.persistent : 0),
      timeout: persistence?.timeout ?? 0,
      netmask: persistence?.netmask ?? fullNetmask[family],
      engine: persistence?.engine,
      realServers,
    }))
}

function anyRealServer(family: VirtualServer['family']): fc.Arbitrary<RealServer> {
  const all = [...addresses.IPv4.real, ...addresses.IPv6.real]
  return fc
    .record({
      address: fc.constantFrom(...all).map(ip),
      port: fc.constantFrom(80, 8080),
      forwarding: fc.constantFrom(...Object.values(Forwarding)),
      weight: fc.constantFrom(0, 1, 100, 0x7fffffff),
      thresholds: fc.constantFrom([0, 0], [10, 0], [10, 5], [0xffffffff, 1]),
      tunnel: fc.constantFrom(
        { type: 0, port: 0, flags: 0 },
        { type: 1, port: 6080, flags: 2 },
        { type: 2, port: 0, flags: 1 },
      ),
    })
    .map(({ thresholds: [upperThreshold = 0, lowerThreshold = 0], tunnel, ...parts }) => {
      // Only a tunnel leads from one family to the other.
      const crosses = familyOf(parts.address) !== family
      const forwarding = crosses ? Forwarding.tunnel : parts.forwarding
      return realServerWith({
        ...parts,
        upperThreshold,
        lowerThreshold,
        forwarding,
        tunnel: forwarding === Forwarding.tunnel ? tunnel : undefined,
      })
    })
}
