import { type IP, ipIn } from '../address/ip.ts'
import type { Node } from '../object/node.ts'

/** The addresses of a Node that pods and other nodes reach it by, in the order of its status. */
export function internalIPs(node: Node): readonly IP[] {
  return ipsOf(node, 'InternalIP')
}

/** Internal addresses first, then external ones: the order in which kube-proxy looks for its own. */
export function nodeIPs(node: Node): readonly IP[] {
  return [...internalIPs(node), ...ipsOf(node, 'ExternalIP')]
}

function ipsOf({ addresses }: Node, wanted: string): IP[] {
  return addresses.flatMap(({ type, address }) => (type === wanted ? (ipIn(address) ?? []) : []))
}
