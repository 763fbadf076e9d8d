import { printDOT } from './dot.ts'
import { printMermaid } from './mermaid.ts'
import type { Graph, GraphFormat } from './model.ts'
import { printSVG } from './svg.ts'

export function printGraph(graph: Graph, format: GraphFormat): string {
  switch (format) {
    case 'mermaid':
      return printMermaid(graph)
    case 'dot':
      return printDOT(graph)
    case 'svg':
      return printSVG(graph)
  }
}
