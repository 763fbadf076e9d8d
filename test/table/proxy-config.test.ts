import { describe, expect, test } from '@jest/globals'
import { printCIDR } from '../../src/address/cidr.ts'
import { plain, renderDiagnostic } from '../../src/diagnostic/frame.ts'
import { type ProxyConfig, readProxyConfig } from '../../src/table/proxy-config.ts'
import { defaultSettings } from '../../src/table/service-settings.ts'

describe('a KubeProxyConfiguration', () => {
  test('that says nothing means what kube-proxy does by itself', () => {
    const [config, complaints] = configOf('kind: KubeProxyConfiguration\n')
    expect(complaints).toBe('')
    expect(config).toEqual({
      settings: defaultSettings,
      nodePortAddresses: [],
      excludeCIDRs: [],
      clusterCIDRs: [],
      hostnameOverride: undefined,
      strictARP: false,
      masqueradeAll: false,
      masqueradeBit: 14,
      tcpTimeout: 0,
      tcpFinTimeout: 0,
      udpTimeout: 0,
      syncPeriod: 30,
      minSyncPeriod: 0,
    })
  })

  test('is read as kube-proxy reads it', () => {
    const [config, complaints] = configOf(`\
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: ipvs
clusterCIDR: 10.244.0.0/16,fd00:10::/48
hostnameOverride: node-a
nodePortAddresses: [192.168.10.0/24]
ipvs:
  scheduler: mh
  excludeCIDRs: [172.16.5.0/24]
  strictARP: true
  syncPeriod: 1m
  minSyncPeriod: 1.5s
  tcpTimeout: 1h15m
  udpTimeout: 500ms
iptables:
  masqueradeAll: true
`)
    expect(complaints).toBe('')
    expect(config.settings).toMatchObject({ scheduler: 'mh', schedulerFlags: 0x10 })
    expect(config.clusterCIDRs.map(printCIDR)).toEqual(['10.244.0.0/16', 'fd00:10::/48'])
    expect(config.excludeCIDRs.map(printCIDR)).toEqual(['172.16.5.0/24'])
    expect(config).toMatchObject({
      hostnameOverride: 'node-a',
      strictARP: true,
      masqueradeAll: true,
      syncPeriod: 60,
      minSyncPeriod: 1.5,
      tcpTimeout: 4500,
      udpTimeout: 0.5,
    })
  })

  test('may name the primary addresses of the node', () => {
    const [config, complaints] = configOf(
      'kind: KubeProxyConfiguration\nnodePortAddresses: [primary]\n',
    )
    expect(complaints).toBe('')
    expect(config.nodePortAddresses).toBe('primary')
  })

  test('with mistakes is pointed at', () => {
    const [, complaints] = configOf(`\
kind: KubeProxyConfiguration
nodePortAddresses: [primary, 10.0.0.0/8]
ipvs:
  scheduler: rrr
  excludeCIDRs: [10.0.0.1]
  strictARP: "yes"
  syncPeriod: 1s
  minSyncPeriod: 5s
  tcpTimeout: -1s
  udpTimeout: soon
iptables:
  masqueradeBit: 32
`)
    expect(complaints.split('\n').filter((line) => /^(error|help)/.test(line))).toEqual([
      'error[proxy-config-value]: ipvs.scheduler: "rrr" is no scheduler of IPVS',
      'help: did you mean "rr"?',
      "error[proxy-config-value]: KubeProxyConfiguration.NodePortAddresses[0]: Invalid value: \"primary\": can't use both 'primary' and CIDRs",
      'error[proxy-config-value]: ipvs.excludeCIDRs[0]: Invalid value: "10.0.0.1": must be a valid CIDR',
      'error[proxy-config-type]: ipvs.strictARP must be true or false',
      'error[proxy-config-value]: iptables.masqueradeBit: Invalid value: 32: must be within the range [0, 31]',
      'error[proxy-config-value]: ipvs.tcpTimeout: Invalid value: "-1s": must be greater than or equal to 0',
      'error[proxy-config-value]: ipvs.udpTimeout: Invalid value: "soon": must be a duration such as 30s',
      'error[proxy-config-value]: ipvs.syncPeriod: Invalid value: "1s": must be greater than or equal to ipvs.minSyncPeriod',
    ])
    expect(complaints).toContain('--> config.yaml:4:14')
  })

  test('is missing from a file of something else', () => {
    const [, complaints] = configOf('kind: Service\n')
    expect(complaints).toContain('there is no KubeProxyConfiguration in this file')
  })
})

function configOf(text: string): [config: ProxyConfig, complaints: string] {
  let complaints = ''
  const config = readProxyConfig({ name: 'config.yaml', text }, (diagnostic) => {
    complaints += renderDiagnostic(diagnostic, plain)
  })
  return [config, complaints]
}
