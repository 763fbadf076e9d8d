import { nodeUnknown } from '../diagnostic/complaints.ts'
import type { Report } from '../diagnostic/diagnostic.ts'
import type { Surveyed } from './surveyed.ts'

/** The node asked for is among the Nodes of the manifests. */
export function nodeIsKnown({ cluster, facts }: Surveyed, report: Report): void {
  const { node } = facts
  const names = cluster.nodes.map(({ name }) => name)
  if (node === undefined || names.length === 0 || names.includes(node)) return
  report(nodeUnknown(node, names.sort()).at(undefined))
}
