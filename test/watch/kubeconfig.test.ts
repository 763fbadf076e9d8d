import { describe, expect, test } from '@jest/globals'
import { accessIn, accessInCluster } from '../../src/watch/kubeconfig.ts'

const config = `apiVersion: v1
kind: Config
current-context: one
contexts:
- {name: one, context: {cluster: c, user: u}}
- {name: two, context: {cluster: c, user: plugin}}
- {name: three, context: {cluster: none, user: u}}
clusters:
- name: c
  cluster:
    server: https://10.0.0.1:6443/
    certificate-authority: pki/ca.crt
    tls-server-name: kubernetes
users:
- name: u
  user: {client-certificate-data: Y2VydA==, client-key: /etc/key.pem, token: secret}
- name: plugin
  user:
    exec: {command: aws}
`
const of = (text: string, context?: string) =>
  accessIn({ name: '/home/u/.kube/config', text }, context)

describe('a kubeconfig', () => {
  test('says where the server is, and who asks', () => {
    expect(of(config)).toEqual({
      server: 'https://10.0.0.1:6443',
      serverName: 'kubernetes',
      insecure: false,
      authority: { file: '/home/u/.kube/pki/ca.crt' },
      certificate: { base64: 'Y2VydA==' },
      key: { file: '/etc/key.pem' },
      token: { text: 'secret' },
      user: undefined,
      password: undefined,
    })
  })

  test.each([
    ['it has no context "four"', config, 'four'],
    ['it has no cluster "none"', config, 'three'],
    ['the user "plugin" would have a command run, which is never done', config, 'two'],
    ['it has no current-context', 'kind: Config\n', undefined],
    ['it says nothing', '', undefined],
  ])('is of no use where %s', (said, text, context) => {
    expect(of(text, context)).toBe(said)
  })

  test('is not needed in a pod', () => {
    expect(accessInCluster('fd00::1', '443')).toMatchObject({
      server: 'https://[fd00::1]:443',
      token: { file: '/var/run/secrets/kubernetes.io/serviceaccount/token' },
    })
  })
})
