import { describe, expect, test } from '@jest/globals'
import { printCIDR } from '../../src/address/cidr.ts'
import { defaultPools } from '../../src/pool/allocate.ts'
import { likelyBlocks } from '../../src/pool/likely-blocks.ts'
import { allocateAll, messagesOf, nothingHeld, service } from './services.ts'

const kubeadm = ['10.96.0.0/12', 'fd00:10:96::/112']

function blocksAround(...clusterIPs: string[]): string[] {
  const services = clusterIPs.map((clusterIP, index) => service(`web-${index}`, { clusterIP }))
  return likelyBlocks(services).map(printCIDR)
}

describe('where nobody says what blocks a cluster has', () => {
  test.each<[string, string[], string[]]>([
    ['without addresses they are the usual ones', [], kubeadm],
    ['headless Services have no address', ['None', ''], kubeadm],
    ['what is no address tells nothing', ['10.96.0', '10.96.0.5'], kubeadm],
    ['addresses in the usual ones', ['10.96.0.1', '10.111.255.9', 'fd00:10:96::a'], kubeadm],
    ['one address elsewhere', ['172.20.0.9'], ['172.20.0.0/16', kubeadm[1] ?? '']],
    ['addresses far apart', ['10.43.0.1', '10.47.9.9'], ['10.40.0.0/13', kubeadm[1] ?? '']],
    ['addresses of two clusters', ['10.96.0.1', '172.20.0.1'], ['0.0.0.0/0', kubeadm[1] ?? '']],
    ['IPv6 elsewhere', ['2001:db8:42:1::a'], [kubeadm[0] ?? '', '2001:db8:42:1::/112']],
    ['IPv6 far apart', ['fd00:10:96::a', 'fd00:10:97::a'], [kubeadm[0] ?? '', 'fd00:10:96::/47']],
  ])('%s', (_, clusterIPs, blocks) => {
    expect(blocksAround(...clusterIPs)).toEqual(blocks)
  })

  const unknown = { ...defaultPools, serviceCIDRs: undefined }

  test('addresses of another cluster, and both families, are granted', () => {
    const services = [
      service('a', { clusterIP: '172.20.0.9' }),
      service('b', { ipFamilyPolicy: 'RequireDualStack' }),
      service('c', { clusterIP: '2001:db8::9', ipFamilies: ['IPv6'] }),
    ]
    expect(messagesOf(allocateAll(services, nothingHeld, unknown))).toEqual([])
  })

  test('one address for two Services is still one too many', () => {
    const services = ['a', 'b'].map((name) => service(name, { clusterIP: '172.20.0.9' }))
    expect(messagesOf(allocateAll(services, nothingHeld, unknown))).toEqual([
      'spec.clusterIPs: Invalid value: ["172.20.0.9"]: failed to allocate IP 172.20.0.9: provided IP is already allocated',
    ])
  })
})
