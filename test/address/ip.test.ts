import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { contains, parseCIDR, printCIDR } from '../../src/address/cidr.ts'
import { compareIPs, ipFromWords, parseIP, readIP, wordsOf } from '../../src/address/ip.ts'

describe('an address', () => {
  test.each([
    ['10.96.0.1', '10.96.0.1'],
    ['0.0.0.0', '0.0.0.0'],
    ['255.255.255.255', '255.255.255.255'],
    ['::', '::'],
    ['::1', '::1'],
    ['2001:DB8::0:1', '2001:db8::1'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['1:0:2:0:3:0:4:0', '1:0:2:0:3:0:4:0'],
    ['fe80:0:0:0:1:0:0:1', 'fe80::1:0:0:1'],
    ['64:ff9b::1.2.3.4', '64:ff9b::102:304'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
  ])('%s is read as %s', (text, canonical) => {
    expect(parseIP(text)).toBe(canonical)
  })

  test.each([
    ['10.96.0', 'three parts'],
    ['10.96.0.1.2', 'five parts'],
    ['10.96.0.256', 'an octet over 255'],
    ['10.96.00.1', 'a leading zero'],
    ['10.96.0.', 'nothing after the dot'],
    ['::ffff:1.2.3.4', 'an IPv4 address in IPv6 clothes'],
    ['1::2::3', 'two gaps'],
    ['1:2:3:4:5:6:7:8:9', 'nine groups'],
    ['1:2:3:4:5:6:7::8', 'a gap for nothing'],
    ['12345::', 'a group of five digits'],
    ['::1%eth0', 'a zone'],
    ['1.2.3.4::', 'dots in front'],
    [':1', 'one colon in front'],
    ['', 'nothing at all'],
  ])('"%s" is none: %s', (text) => {
    expect(parseIP(text)).toBeUndefined()
  })

  test('tells its oddities to those who ask', () => {
    expect(readIP('010.96.0.1')).toEqual({ ip: '10.96.0.1', leadingZeros: true, mapped: false })
    expect(readIP('::ffff:1.2.3.4')).toEqual({ ip: '1.2.3.4', leadingZeros: false, mapped: true })
  })

  test('survives the journey to words and back', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
        const ip = readIP(text)?.ip
        return ip !== undefined && ipFromWords(wordsOf(ip)) === ip
      }),
    )
  })

  test('is ordered as a number, IPv4 first', () => {
    const ips = ['::1', '10.0.0.10', '9.255.0.0', '10.0.0.9'].map((text) => parseIP(text))
    expect(ips.flatMap((ip) => ip ?? []).sort(compareIPs)).toEqual([
      '9.255.0.0',
      '10.0.0.9',
      '10.0.0.10',
      '::1',
    ])
  })
})

describe('a CIDR', () => {
  test.each([
    ['10.96.0.0/12', '10.96.0.0/12'],
    ['10.1.2.3/8', '10.0.0.0/8'],
    ['1.2.3.4/0', '0.0.0.0/0'],
    ['1.2.3.4/32', '1.2.3.4/32'],
    ['2001:db8:ffff::/33', '2001:db8:8000::/33'],
    ['::1/128', '::1/128'],
  ])('%s begins at %s', (text, printed) => {
    const cidr = parseCIDR(text)
    expect(cidr && printCIDR(cidr)).toBe(printed)
  })

  test.each(['10.0.0.0', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/-1', '::/129', '10.0.0.0/08'])(
    '%s is none',
    (text) => {
      expect(parseCIDR(text)).toBeUndefined()
    },
  )

  test('contains its own addresses and no others', () => {
    const cidr = parseCIDR('10.96.0.0/12')
    const inside = (text: string): boolean => {
      const ip = parseIP(text)
      return cidr !== undefined && ip !== undefined && contains(cidr, ip)
    }
    expect(inside('10.96.0.0')).toBe(true)
    expect(inside('10.111.255.255')).toBe(true)
    expect(inside('10.112.0.0')).toBe(false)
    expect(inside('10.95.255.255')).toBe(false)
    expect(inside('::')).toBe(false)
  })
})
