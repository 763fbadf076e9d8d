import { expect, test } from '@jest/globals'
import { Forwarding } from '../../src/table/virtual-server.ts'
import { printBackendSetup } from '../../src/terrain/backend-setup.ts'
import { ip, realServerWith, serverWith } from '../support/tables.ts'

function setupFor(forwarding: number, vip: string, node: string): string {
  const family = vip.includes(':') ? 'IPv6' : 'IPv4'
  const real = realServerWith({ address: ip(node), port: 80, forwarding, name: 'node-a' })
  const server = serverWith({ family, address: ip(vip), realServers: [real] })
  return printBackendSetup([server, { ...server, port: 443 }], 'nodeport0')
}

test('a node that is routed to has the address and says so to nobody', () => {
  expect(setupFor(Forwarding.route, '198.51.100.7', '192.0.2.1')).toBe(`# on node-a (192.0.2.1):
sysctl -w net.ipv4.conf.all.arp_ignore=1
sysctl -w net.ipv4.conf.all.arp_announce=2
ip link add nodeport0 type dummy
ip address add 198.51.100.7/32 dev nodeport0
# and then, from the same manifests: nodeport apply --node NAME -f FILE
`)
})

test('one behind a tunnel has the end of it too', () => {
  expect(setupFor(Forwarding.tunnel, '198.51.100.7', '192.0.2.1')).toContain(
    'modprobe ipip\nip link set tunl0 up\nsysctl -w net.ipv4.conf.all.rp_filter=0\n',
  )
})

test('over IPv6 there is nothing to keep from the neighbours', () => {
  const setup = setupFor(Forwarding.tunnel, '2001:db8::7', '2001:db8::1')
  expect(setup).not.toContain('arp')
  expect(setup).toContain('ip link set ip6tnl0 up\n')
})

test('one that gets rewritten packets needs its node ports alone', () => {
  expect(setupFor(Forwarding.masq, '198.51.100.7', '192.0.2.1')).toBe(
    '# on node-a (192.0.2.1):\n# nothing but node ports that answer, as `nodeport apply` gives them\n',
  )
})
