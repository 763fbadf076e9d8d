import { describe, expect, test } from '@jest/globals'
import { parseIP } from '../../src/address/ip.ts'
import { nodePortIPs, parseNodePortAddresses } from '../../src/table/node-addresses.ts'

// The numbers are those of Kubernetes' own unit tests and of what its source says besides.

const lo = 'lo 127.0.0.1 ::1'

describe('node ports answer on', () => {
  test.each<[string, string[], string[], string]>([
    [
      'A16: what the CIDR holds, and all of the other family',
      ['eth0 100.101.102.103', 'eth1 2001:db8::1'],
      ['100.101.102.0/24'],
      '100.101.102.103 2001:db8::1',
    ],
    [
      'A30: every address but loopback and link-local IPv6',
      ['encap0 10.20.30.40 fe80::200:ff:fe01:1', lo, 'docker0 172.17.0.1'],
      [],
      '10.20.30.40 172.17.0.1',
    ],
    [
      'A31: no address of kube-proxy',
      ['kube-ipvs0 2000:: 1.2.3.4', lo, 'encap7 1000:: 10.20.30.31'],
      [],
      '10.20.30.31 1000::',
    ],
    [
      'A32: an interface of another name is the host',
      ['ipvs0 1.2.3.4', 'encap7 10.20.30.31'],
      [],
      '1.2.3.4 10.20.30.31',
    ],
    ['A33: nothing, where there is nothing else', ['kube-ipvs0 1.2.3.4', lo], [], ''],
    [
      'A34: an address that kube-proxy and the host both have',
      ['kube-ipvs0 1.2.3.4', 'eth0 1.2.3.4'],
      [],
      '1.2.3.4',
    ],
    [
      'A35: one of two interfaces',
      ['eth0 10.20.30.51', 'eth1 100.200.201.1'],
      ['10.20.30.0/24'],
      '10.20.30.51',
    ],
    [
      'A36: nothing that any CIDR holds, but all of the other family',
      ['eth0 192.168.1.2 2001:db8::1', lo],
      ['10.20.30.0/24', '100.200.201.0/24'],
      '2001:db8::1',
    ],
    ['A37: no loopback, even if asked for', [lo, 'eth0 10.20.30.51'], ['127.0.0.1/32'], ''],
    [
      'A38: a CIDR of everything is like none',
      ['eth0 1.2.3.4 2001:db8::1', lo],
      ['0.0.0.0/0', '1.2.3.0/24', '2001:db8::1/128'],
      '1.2.3.4 2001:db8::1',
    ],
    [
      'A38: the other family is still narrowed',
      ['eth0 1.2.3.4 2001:db8::1 2001:db8::2'],
      ['0.0.0.0/0', '2001:db8::1/128'],
      '1.2.3.4 2001:db8::1',
    ],
    [
      'A39: link-local IPv4, and IPv4 in the clothes of IPv6',
      ['eth0 8.8.8.8 192.168.0.1 169.254.0.0 ::ffff:169.254.0.1 127.9.9.9 1000::'],
      [],
      '8.8.8.8 169.254.0.0 169.254.0.1 192.168.0.1 1000::',
    ],
    [
      'A CIDR reaches even link-local addresses and those of kube-proxy',
      ['eth0 fe80::1', 'kube-ipvs0 10.96.0.10', 'eth1 10.0.0.1'],
      ['fe80::/10', '10.96.0.0/12'],
      '10.96.0.10 fe80::1',
    ],
    [
      'but never the addresses that nodeport bound itself',
      ['nodeport0 10.96.0.10', 'eth0 10.0.0.1'],
      ['10.0.0.0/8'],
      '10.0.0.1',
    ],
    ['not on those when everything counts either', ['nodeport0 10.96.0.10'], [], ''],
  ])('%s', (_, interfaces, texts, expected) => {
    const wanted = parseNodePortAddresses(texts, (sentence) => {
      throw new Error(sentence)
    })
    expect(nodePortIPs(hostOf(interfaces), wanted, []).join(' ')).toBe(expected)
  })

  test('A40: the primary address of the node, and all of a family without one', () => {
    const host = hostOf(['eth0 10.0.0.5 10.0.0.6 2001:db8::1 2001:db8::2'])
    const primary = ['10.0.0.5', '10.0.0.6'].flatMap((text) => parseIP(text) ?? [])
    expect(nodePortIPs(host, 'primary', primary)).toEqual([
      '10.0.0.5',
      '2001:db8::1',
      '2001:db8::2',
    ])
  })
})

describe('--nodeport-addresses', () => {
  test.each([
    [
      ['primary', '10.0.0.0/8'],
      "NodePortAddresses[0]: Invalid value: \"primary\": can't use both 'primary' and CIDRs",
    ],
    [
      ['10.0.0.0/8', 'primary'],
      "NodePortAddresses[1]: Invalid value: \"primary\": can't use both 'primary' and CIDRs",
    ],
    [['10.0.0.1'], 'NodePortAddresses[0]: Invalid value: "10.0.0.1": must be a valid CIDR'],
  ])('%j is refused in the words of kube-proxy', (texts, sentence) => {
    const said: string[] = []
    expect(parseNodePortAddresses(texts, (it) => said.push(it))).toEqual([])
    expect(said).toEqual([`KubeProxyConfiguration.${sentence}`])
  })

  test('primary stands alone', () => {
    const said: string[] = []
    expect(parseNodePortAddresses(['primary'], (it) => said.push(it))).toBe('primary')
    expect(said).toEqual([])
  })
})

/** `eth0 10.0.0.1 fe80::1`: an interface and its addresses. */
function hostOf(interfaces: readonly string[]) {
  return interfaces.flatMap((line) => {
    const [name = '', ...addresses] = line.split(' ')
    return addresses.map((address) => ({ interface: name, address }))
  })
}
