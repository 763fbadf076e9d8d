import fc from 'fast-check'
import { type Family, type IP, ipFromWords } from '../../src/address/ip.ts'
import {
  type Counters,
  Flag,
  Forwarding,
  fullNetmask,
  identityOf,
  type RealServer,
  type Table,
  type VirtualServer,
} from '../../src/table/virtual-server.ts'

// Small worlds, so that addresses and ports meet.
const addresses: Record<Family, fc.Arbitrary<IP>> = {
  IPv4: fc.constantFrom(
    ...['10.0.0.1', '10.0.0.2', '192.168.1.1', '100.64.0.9'].map((ip) => ip as IP),
  ),
  IPv6: fc.constantFrom(...['2001:db8::1', '::1', 'fd00::2', '::102:304'].map((ip) => ip as IP)),
}
const port = fc.constantFrom(1, 80, 443, 65535)
const family = fc.constantFrom<Family>('IPv4', 'IPv6')

/** Tables of which rules can say everything. */
export const sayableTable: fc.Arbitrary<Table> = family
  .chain((family) => fc.array(sayableServer(family), { maxLength: 3 }))
  .chain((some) => family.chain(sayableServer).map((other) => [...some, other]))
  .map((servers) => firstOfEach(servers, identityOf))

function sayableServer(family: Family): fc.Arbitrary<VirtualServer> {
  return fc
    .record({
      fwmark: fc.constantFrom(0, 0, 0, 1, 7, 0x7fffffff),
      protocol: fc.constantFrom(6, 17, 132),
      address: addresses[family],
      port,
      kind: fc.constantFrom(...kinds),
      persistent: fc.boolean(),
      timeout: fc.integer({ min: 1, max: 2_678_400 }),
      netmask: family === 'IPv4' ? fc.nat(0xffffffff) : fc.integer({ min: 1, max: 128 }),
      onePacket: fc.boolean(),
      engine: fc.constantFrom(undefined, undefined, 'sip'),
    })
    .chain(({ kind, persistent, onePacket, fwmark, protocol, ...rest }) => {
      const oneByOne = onePacket && (fwmark !== 0 || protocol === 17)
      const flags =
        kind.flags | (persistent ? Flag.persistent : 0) | (oneByOne ? Flag.onePacket : 0)
      const server = {
        family,
        fwmark,
        protocol: fwmark === 0 ? protocol : 0,
        address: fwmark === 0 ? rest.address : ipFromWords(family === 'IPv4' ? [0] : [0, 0, 0, 0]),
        port: fwmark === 0 ? rest.port : 0,
        scheduler: kind.scheduler,
        flags,
        timeout: persistent ? rest.timeout : 0,
        netmask: persistent ? rest.netmask : fullNetmask[family],
        engine: rest.engine,
      }
      const key = ({ address, port }: RealServer): string => `${address} ${port}`
      return fc
        .array(sayableRealServer(server), { maxLength: 4 })
        .map((realServers) => ({ ...server, realServers: firstOfEach(realServers, key) }))
    })
}

const kinds = [
  { scheduler: 'rr', flags: 0 },
  { scheduler: 'wlc', flags: Flag.scheduler1 | Flag.scheduler3 },
  { scheduler: 'sh', flags: Flag.scheduler1 | Flag.scheduler2 },
  { scheduler: 'mh', flags: Flag.scheduler2 },
  { scheduler: 'none', flags: Flag.scheduler2 },
  ...['wrr', 'lc', 'lblc', 'lblcr', 'dh', 'sed', 'nq', 'fo', 'ovf'].map((scheduler) => ({
    scheduler,
    flags: 0,
  })),
]

function sayableRealServer(
  server: Pick<VirtualServer, 'family' | 'fwmark' | 'port'>,
): fc.Arbitrary<RealServer> {
  const way = fc.constantFrom(Forwarding.masq, Forwarding.route, Forwarding.tunnel)
  return way.chain((forwarding) =>
    fc.record({
      address:
        forwarding === Forwarding.tunnel
          ? fc.oneof(addresses.IPv4, addresses.IPv6)
          : addresses[server.family],
      // ipvsadm takes the port of the virtual server, but where packets are rewritten.
      port: forwarding === Forwarding.masq || server.fwmark !== 0 ? port : fc.constant(server.port),
      forwarding: fc.constant(forwarding),
      weight: fc.nat(0x7fffffff),
      upperThreshold: fc.constant(0),
      lowerThreshold: fc.constant(0),
      tunnel:
        forwarding === Forwarding.tunnel ? fc.constantFrom(...tunnels) : fc.constant(undefined),
    }),
  )
}

const tunnels = [
  { type: 0, port: 0, flags: 0 },
  { type: 1, port: 6080, flags: 0 },
  { type: 1, port: 1, flags: 2 },
  { type: 2, port: 0, flags: 1 },
]

/** Whatever a kernel might hand out, and more. */
export const anyTable: fc.Arbitrary<Table> = fc.array(
  fc.record({
    family,
    protocol: fc.nat(255),
    address: fc.oneof(addresses.IPv4, addresses.IPv6),
    port: fc.nat(65535),
    fwmark: fc.constantFrom(0, 0, 1, 0xffffffff),
    scheduler: fc.constantFrom('', 'rr', 'sh', 'mh', 'abcdefghijklmno'),
    flags: fc.nat(0xffff),
    timeout: fc.nat(0xffffffff),
    netmask: fc.nat(0xffffffff),
    engine: fc.constantFrom(undefined, '', 'sip'),
    realServers: fc.array(
      fc.record({
        address: fc.oneof(addresses.IPv4, addresses.IPv6),
        port: fc.nat(65535),
        forwarding: fc.nat(0xff),
        weight: fc.integer(),
        upperThreshold: fc.nat(0xffffffff),
        lowerThreshold: fc.nat(0xffffffff),
        tunnel: fc.option(
          fc.record({ type: fc.nat(255), port: fc.nat(65535), flags: fc.nat(65535) }),
          { nil: undefined },
        ),
        counters: fc.option(anyCounters(), { nil: undefined }),
      }),
      { maxLength: 4 },
    ),
    counters: fc.option(anyCounters(), { nil: undefined }),
  }),
  { maxLength: 5 },
)

function anyCounters(): fc.Arbitrary<Counters> {
  const count = fc.bigInt(0n, 2n ** 64n - 1n)
  return fc.record({
    connections: count,
    inPackets: count,
    outPackets: count,
    inBytes: count,
    outBytes: count,
    connectionRate: count,
    inPacketRate: count,
    outPacketRate: count,
    inByteRate: count,
    outByteRate: count,
  })
}

function firstOfEach<T>(items: readonly T[], key: (item: T) => string): readonly T[] {
  return [...new Map([...items].reverse().map((item) => [key(item), item])).values()].reverse()
}
