/** Texts of manifests, as small as they can be. */

export interface ServiceParts {
  readonly clusterIP?: string
  readonly type?: string
  readonly nodePort?: number
  readonly externalIP?: string
  readonly annotations?: Readonly<Record<string, string>>
  readonly more?: string
}

export function serviceText(name: string, parts: ServiceParts = {}): string {
  const { clusterIP, type, nodePort, externalIP, annotations = {}, more = '' } = parts
  const notes = Object.entries(annotations).map(([key, value]) => `    ${key}: "${value}"\n`)
  return [
    `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\n`,
    notes.length === 0 ? '' : `  annotations:\n${notes.join('')}`,
    'spec:\n',
    clusterIP === undefined ? '' : `  clusterIP: ${clusterIP}\n`,
    type === undefined ? '' : `  type: ${type}\n`,
    externalIP === undefined ? '' : `  externalIPs: [${externalIP}]\n`,
    more,
    '  ports:\n  - port: 80\n',
    nodePort === undefined ? '' : `    nodePort: ${nodePort}\n`,
  ].join('')
}

export function sliceText(service: string, addresses: readonly string[]): string {
  const endpoints = addresses.map((address) => `- addresses: [${address}]\n`).join('')
  return [
    'apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\n',
    `metadata:\n  name: ${service}-1\n  labels:\n    kubernetes.io/service-name: ${service}\n`,
    'addressType: IPv4\nports:\n- port: 8080\n',
    endpoints === '' ? 'endpoints: []\n' : `endpoints:\n${endpoints}`,
  ].join('')
}

export function manifestText(...documents: readonly string[]): string {
  return documents.join('---\n')
}
