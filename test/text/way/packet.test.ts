import { expect, test } from '@jest/globals'
import { isAboutPacket, parseFlow, parsePacket } from '../../../src/text/way/packet.ts'

test.each([
  ['192.0.2.1:80', { protocol: 'TCP', address: '192.0.2.1', port: 80 }],
  ['192.0.2.1:53/udp', { protocol: 'UDP', address: '192.0.2.1', port: 53 }],
  ['192.0.2.1:9999/SCTP', { protocol: 'SCTP', address: '192.0.2.1', port: 9999 }],
  ['[2001:DB8:0::1]:80', { protocol: 'TCP', address: '2001:db8::1', port: 80 }],
])('%s is a packet', (text, packet) => {
  expect(parsePacket(text)).toEqual(packet)
})

test.each([
  ['192.0.2.1', '"192.0.2.1" is no address and port'],
  ['2001:db8::1:80', '"2001:db8::1:80" is no address and port'],
  ['[192.0.2.1]:80', '"192.0.2.1" is no IP address'],
  ['node-a:80', '"node-a" is no IP address'],
  ['192.0.2.1:0', '0 is no port: ports go from 1 to 65535'],
  ['192.0.2.1:80/icmp', '"icmp" is none of sctp, tcp, udp'],
])('%s is none', (text, sentence) => {
  expect(isAboutPacket(text)).toBe(true)
  expect(parsePacket(text)).toBe(sentence)
})

test.each([
  ['192.0.2.1 -> web', '"web" is no address and port'],
  ['web -> 192.0.2.1:80', '"web" is no IP address'],
  ['192.0.2.1 -> [2001:db8::1]:80', '192.0.2.1 and 2001:db8::1 are of two families'],
])('%s is no flow', (text, sentence) => {
  expect(isAboutPacket(text)).toBe(true)
  expect(parseFlow(text)).toBe(sentence)
})

test('the code of a finding is about no packet', () => {
  expect(isAboutPacket('node-port-taken')).toBe(false)
})
