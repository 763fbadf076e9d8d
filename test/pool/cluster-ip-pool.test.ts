import { describe, expect, test } from '@jest/globals'
import { type CIDR, parseCIDR } from '../../src/address/cidr.ts'
import { type IP, parseIP } from '../../src/address/ip.ts'
import {
  clusterIPPool,
  kubernetesAddress,
  serviceCIDRFault,
  staticAddresses,
  usableAddresses,
} from '../../src/pool/cluster-ip-pool.ts'
import { drawFor } from '../../src/pool/pool.ts'

describe('the addresses of a block', () => {
  test.each([
    ['192.168.1.0/24', 254],
    ['10.0.0.0/30', 2],
    ['10.0.0.0/31', 0],
    ['10.0.0.0/32', 0],
    ['2001:db8::/127', 1],
    ['2001:db8::/128', 0],
    ['2001:db8::/112', 65535],
    ['2001:db8:1::/116', 4095],
  ])('%s has %i', (text, count) => {
    expect(usableAddresses(cidr(text))).toBe(count)
  })

  test.each([
    ['10.0.0.0/32', 0],
    ['10.0.0.0/30', 0],
    ['10.0.0.0/28', 0],
    ['10.0.0.0/27', 16],
    ['10.0.0.0/25', 16],
    ['10.0.0.0/24', 16],
    ['10.0.0.0/22', 64],
    ['10.0.0.0/20', 256],
    ['10.0.0.0/8', 256],
    ['2001:db8::/124', 0],
    ['2001:db8::/122', 16],
    ['2001:db8::/118', 64],
    ['2001:db8::/64', 256],
  ])('%s keeps %i for wishes', (text, count) => {
    expect(staticAddresses(cidr(text))).toBe(count)
  })

  test.each([
    ['192.168.1.0/24', '192.168.1.0', false],
    ['192.168.1.0/24', '192.168.1.1', true],
    ['192.168.1.0/24', '192.168.1.254', true],
    ['192.168.1.0/24', '192.168.1.255', false],
    ['192.168.1.0/24', '192.168.0.1', false],
    ['192.168.1.0/24', '192.168.2.2', false],
    ['192.168.1.0/24', '::c0a8:101', false],
    ['2001:db8:1::/116', '2001:db8:1::', false],
    ['2001:db8:1::/116', '2001:db8:1::1', true],
    ['2001:db8:1::/116', '2001:db8:1::fff', true],
    ['2001:db8:1::/116', '2001:db8:1::1000', false],
    ['2001:db8:1::/64', '2001:db8:1:0:8000::', true],
    ['2001:db8:1::/64', '2001:db8:1:0:ffff:ffff:ffff:ffff', true],
  ])('%s: %s is one of them: %s', (block, address, expected) => {
    expect(clusterIPPool(cidr(block)).includes(ip(address))).toBe(expected)
  })

  test.each([
    ['10.96.0.0/12', '10.96.0.1'],
    ['fd00::/108', 'fd00::1'],
    ['10.0.0.0/31', undefined],
  ])('%s begins with %s, which is the one of kubernetes', (text, first) => {
    expect(kubernetesAddress(cidr(text))).toBe(first)
  })

  test('are drawn each once', () => {
    expect(drawAll('192.168.1.0/29')).toEqual([1, 2, 3, 4, 5, 6].map((host) => `192.168.1.${host}`))
    expect(drawAll('fd00::fff0/124').length).toBe(15)
  })

  test('are drawn from above the first 256 of a large block', () => {
    const pool = clusterIPPool(cidr('10.96.0.0/12'))
    for (let n = 0; n < 200; n++) {
      expect(drawFor(pool, `n${n}`)).not.toMatch(/^10\.96\.(0\.\d+|1\.0)$/)
    }
  })
})

describe('a service CIDR', () => {
  test.each(['10.96.0.0/12', '10.0.0.0/29', 'fd00::/64', 'fd00::/125'])('may be %s', (text) => {
    expect(serviceCIDRFault(cidr(text))).toBeUndefined()
  })

  test.each([
    ['10.0.0.0/30', 'the service cluster IP range must be at least 8 IP addresses'],
    ['fd00::/126', 'the service cluster IP range must be at least 8 IP addresses'],
    ['fd00::/48', 'shortest allowed prefix length for service CIDR is 64, got 48'],
  ])('cannot be %s', (text, sentence) => {
    expect(serviceCIDRFault(cidr(text))).toBe(sentence)
  })
})

function drawAll(text: string): string[] {
  const pool = clusterIPPool(cidr(text))
  const drawn: IP[] = []
  for (let address = drawFor(pool, 'n0'); address !== undefined; ) {
    drawn.push(address)
    address = drawFor(pool, `n${drawn.length}`)
  }
  return drawn.sort()
}

function cidr(text: string): CIDR {
  const parsed = parseCIDR(text)
  if (parsed === undefined) throw new Error(`${text} is no CIDR`)
  return parsed
}

function ip(text: string): IP {
  const parsed = parseIP(text)
  if (parsed === undefined) throw new Error(`${text} is no address`)
  return parsed
}
