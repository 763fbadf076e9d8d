export const graphFormats = ['mermaid', 'dot', 'svg'] as const
export type GraphFormat = (typeof graphFormats)[number]

/** The ways of packets from clients to whoever answers, as far as a picture shows them. */
export interface Graph {
  readonly title: string
  /** The machines that take packets in; none where the Service's own addresses do. */
  readonly nodes: readonly GraphNode[]
  readonly services: readonly GraphService[]
}

export interface GraphNode {
  readonly name: string
  readonly addresses: readonly string[]
}

export interface GraphService {
  readonly namespace: string
  readonly name: string
  /** `NodePort` */
  readonly type: string
  readonly ports: readonly GraphPort[]
  readonly targets: readonly GraphTarget[]
}

export interface GraphPort {
  readonly protocol: string
  readonly port: number
  /** None for a headless Service. */
  readonly clusterIPs: readonly string[]
  readonly nodePort: number | undefined
  /** External addresses and those of load balancers. */
  readonly externalIPs: readonly string[]
}

/** Who answers: a pod, or a node where the picture is that of a director. */
export interface GraphTarget {
  readonly name: string
  readonly address: string
  readonly simulated: boolean
  /** What arrives there: one for each port of the Service. */
  readonly arrivals: readonly GraphArrival[]
}

export interface GraphArrival {
  readonly port: number
  readonly weight: number
}

/** What is written on the arrows that lead to a Service. */
export interface WaysIn {
  /** From clients outside: `TCP 30080`, `TCP 203.0.113.7:80`. */
  readonly outside: readonly string[]
  /** To the addresses inside the cluster: `TCP 10.96.0.10:80`. */
  readonly inside: readonly string[]
}

export function waysInto({ ports }: GraphService): WaysIn {
  return {
    outside: ports.flatMap(({ protocol, port, nodePort, externalIPs }) => [
      ...(nodePort === undefined ? [] : [`${protocol} ${nodePort}`]),
      ...externalIPs.map((ip) => `${protocol} ${withPort(ip, port)}`),
    ]),
    inside: ports.flatMap(({ protocol, port, clusterIPs }) =>
      clusterIPs.map((ip) => `${protocol} ${withPort(ip, port)}`),
    ),
  }
}

/** What is written on the arrow to a target: `:8080, :8443 weight 2`. A weight of 1 goes unsaid. */
export function arrivalsAt({ arrivals }: GraphTarget): string {
  const [first] = arrivals
  const alike = arrivals.every(({ weight }) => weight === first?.weight)
  const said = (weight: number | undefined): string =>
    weight === undefined || weight === 1 ? '' : ` weight ${weight}`
  const labels = arrivals.map(({ port, weight }) => `:${port}${alike ? '' : said(weight)}`)
  return [...new Set(labels)].join(', ') + (alike ? said(first?.weight) : '')
}

/** The first of a list, and how many there are beside them: a picture of a hundred shows nothing. */
export function firstOf<T>(all: readonly T[], most: number): { shown: readonly T[]; more: number } {
  const shown = all.length > most ? all.slice(0, most - 1) : all
  return { shown, more: all.length - shown.length }
}

export const mostTargets = 12
export const mostNodes = 8

function withPort(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}
