import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type IP, ipFromWords, wordsOf } from '../../../src/address/ip.ts'
import { inetAton, inetNtop, inetPton6 } from '../../../src/text/ipvsadm/inet.ts'

describe('an address is written as glibc writes it', () => {
  test.each([
    ['10.0.0.1', '10.0.0.1'],
    ['::', '::'],
    ['::1', '::1'],
    ['::ffff', '::ffff'],
    ['::1:0', '::0.1.0.0'],
    ['::102:304', '::1.2.3.4'],
    ['::ffff:102:304', '::ffff:1.2.3.4'],
    ['::ffff:0', '::255.255.0.0'],
    ['::ffff:0:102:304', '::ffff:0:102:304'],
    ['::1:0:0', '::1:0:0'],
    ['64:ff9b::102:304', '64:ff9b::102:304'],
    ['2001:db8::1', '2001:db8::1'],
  ])('%s is %s', (ip, text) => {
    expect(inetNtop(ip as IP)).toBe(text)
  })
})

describe('IPv4 is read as glibc reads it', () => {
  test.each([
    ['1.2.3.4', '1.2.3.4'],
    ['10.1', '10.0.0.1'],
    ['10.0.257', '10.0.1.1'],
    ['4294967295', '255.255.255.255'],
    ['0x0a000001', '10.0.0.1'],
    ['010.0.0.8', '8.0.0.8'],
    ['1.0377.0xff.4', '1.255.255.4'],
    ['0', '0.0.0.0'],
    ['1.2.3.4 behind a blank', '1.2.3.4'],
  ])('%s is %s', (text, ip) => {
    expect(inetAton(text)).toBe(ip)
  })

  test.each([
    '',
    '.',
    '1.2.3.4.',
    '1.2.3.4.5',
    '256.1',
    '1.2.65536',
    '08.1',
    '0x',
    '4294967296',
    'a',
  ])('%p is none', (text) => {
    expect(inetAton(text)).toBeUndefined()
  })
})

test('an IPv4 address within IPv6 stays IPv6', () => {
  expect(inetPton6('::ffff:1.2.3.4')).toBe('::ffff:102:304')
})

test.each(['::01.2.3.4', '1.2.3.4', '12345::', '::1::', '1:2:3:4::5:6:7:8', 'fe80::1%eth0'])(
  '%s is no IPv6 address',
  (text) => {
    expect(inetPton6(text)).toBeUndefined()
  },
)

describe('of every address', () => {
  const words = fc.oneof(
    fc.array(fc.constantFrom(0, 1, 0xffff, 0x10000, 0xffffffff), { minLength: 4, maxLength: 4 }),
    fc.array(fc.nat(0xffffffff), { minLength: 4, maxLength: 4 }),
  )

  test('what is written can be read again', () => {
    fc.assert(
      fc.property(words, (written) => {
        const ip = ipFromWords(written)
        expect(inetPton6(inetNtop(ip))).toBe(ip)
        expect(wordsOf(ip)).toEqual(written)
      }),
    )
  })
})
