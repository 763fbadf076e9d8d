import { join, resolve } from 'node:path'
import type { Lab, RunOptions } from '../lab.ts'
import type { Outcome } from '../letters.ts'

// A small town of network namespaces: a client outside, two nodes on the same street, and pods on
// both. The client knows no way to the pods.
//
//     client 192.168.10.100 ┐
//     node-a 192.168.10.10  ┼ switch    pods web-1 10.244.1.57, web-2 10.244.1.58
//     node-b 192.168.10.11  ┤           pod  web-3 10.244.2.50
//     director 192.168.10.20┘

export interface Town {
  /** What in scripts makes `nodeport` know the ledger of a place. */
  readonly withLedger: (place: Place) => string
  /** Runs a command in a place. */
  readonly run: (place: Place, argv: readonly string[], options?: RunOptions) => Promise<Outcome>
  /** The same for a script of sh, which must not fail; answers what it prints. */
  readonly sh: (place: Place, script: string, options?: RunOptions) => Promise<string>
  /** Runs nodeport in a place, with a ledger that only it has. */
  readonly nodeport: (
    place: Place,
    words: readonly string[],
    options?: RunOptions,
  ) => Promise<Outcome>
  /** Applies manifests on a node, as that node; it must go well. Answers what it says of Services. */
  readonly apply: (
    place: 'node-a' | 'node-b',
    manifests: string,
    words?: readonly string[],
  ) => Promise<string>
  /** What a place gets when it asks targets such as `tcp:192.168.10.10:30080*3`: a list for each. */
  readonly ask: (
    place: Place,
    targets: readonly string[],
    seconds?: number,
  ) => Promise<readonly (readonly string[])[]>
}

export const places = [
  'client',
  'node-a',
  'node-b',
  'director',
  'web-1',
  'web-2',
  'web-3',
  'switch',
] as const
export type Place = (typeof places)[number]

const folder = resolve(__dirname)

/** Builds a town, with pods that answer. */
export async function foundTown(lab: Lab): Promise<Town> {
  const tag = Math.random().toString(36).slice(2, 7)
  const nameOf = (place: Place) => `${tag}-${place}`
  const inPlaces = (script: string) =>
    script.replaceAll(/\{([a-z0-9-]+)\}/g, (_, place) => `${tag}-${place}`)
  await must(lab.run(['sh', '-c', inPlaces(plan)]))
  const pods = ['web-1', 'web-2', 'web-3'] as const
  const starting = pods.map(
    (pod) => `
      ip netns exec ${nameOf(pod)} setsid perl ${join(folder, 'pod.pl')} ${pod} \\
        </dev/null >/run/${nameOf(pod)} 2>/run/${nameOf(pod)}.log &`,
  )
  const waiting = pods.map(
    (pod) => `
      for i in $(seq 200); do [ -s /run/${nameOf(pod)} ] && break; sleep 0.05; done
      [ -s /run/${nameOf(pod)} ] || { cat /run/${nameOf(pod)}.log; exit 1; }`,
  )
  await must(lab.run(['sh', '-c', [...starting, ...waiting].join('\n')]))
  const at = (place: Place) => lab.namespaceNamed(nameOf(place))
  const run: Town['run'] = (place, argv, options) => at(place).run(argv, options)
  const ledgerOf = (place: Place) => `/run/${nameOf(place)}.ledger`
  const nodeport: Town['nodeport'] = (place, words, options) =>
    at(place).resident([...words, '--ledger', ledgerOf(place)], options)
  return {
    withLedger: (place) => `nodeport() { command nodeport "$@" --ledger ${ledgerOf(place)}; }\n`,
    run,
    nodeport,
    apply: async (place, stdin, words = []) => {
      const all = ['apply', '-f', '-', ...asNode(place), ...words]
      return (await must(nodeport(place, all, { stdin }), all.join(' '))).stdout
    },
    sh: async (place, script, options) =>
      (await must(run(place, ['sh', '-c', script], options), script)).stdout,
    ask: async (place, targets, seconds = 2) => {
      const words = ['perl', join(folder, 'probe.pl'), String(seconds), ...targets]
      const { stdout } = await must(run(place, words))
      return stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.split(','))
    },
  }
}

/** What nodeport is told on a node besides manifests. */
export function asNode(place: Place): readonly string[] {
  return ['--node', place, '--service-cidr', '10.96.0.0/12,fd00:96::/112']
}

/** How often each answer was given, in the order of their names. */
export function tally(answers: readonly string[] | undefined): Readonly<Record<string, number>> {
  const counts = new Map<string, number>()
  for (const answer of answers ?? []) counts.set(answer, (counts.get(answer) ?? 0) + 1)
  return Object.fromEntries([...counts].sort())
}

/** The same of the pods that answered, whomever they saw. */
export function tallyOfPods(answers: readonly string[] | undefined): ReturnType<typeof tally> {
  return tally(answers?.map((answer) => answer.split(' ')[0] ?? ''))
}

async function must(outcome: Promise<Outcome>, what = 'the town'): Promise<Outcome> {
  const { code, stdout, stderr } = await outcome
  if (code !== 0) throw new Error(`${what} ended with ${code}\n${stdout}${stderr}`)
  return outcome
}

/** Names in braces are those of places. IPv6 addresses are used at once, without asking around. */
const plan = `set -e
for place in ${places.map((place) => `{${place}}`).join(' ')}; do
  ip netns add $place
  ip -n $place link set lo up
done
# Whoever loads it makes bridges of all namespaces ask the firewall: so all load it, and say no.
modprobe br_netfilter
for place in ${places.map((place) => `{${place}}`).join(' ')}; do
  ip netns exec $place sh -c 'for name in iptables ip6tables; do
    echo 0 >/proc/sys/net/bridge/bridge-nf-call-$name; done'
done
ip -n {switch} link add br0 type bridge
ip -n {switch} link set br0 up
street() { # place, its end of the cable
  ip -n $1 link add eth0 type veth peer name $2 netns {switch}
  ip -n {switch} link set $2 master br0 up
  ip -n $1 link set eth0 up
}
street {client} to-client
street {node-a} to-a
street {node-b} to-b
street {director} to-director
ip -n {director} -batch - <<'BATCH'
address add 192.168.10.20/24 dev eth0
address add fd00:10::20/64 dev eth0 nodad
BATCH
ip -n {client} -batch - <<'BATCH'
address add 192.168.10.100/24 dev eth0
address add fd00:10::100/64 dev eth0 nodad
route add default via 192.168.10.1
BATCH
house() { # node, number of its pods' block, its address, the other's block and address
  ip -n $1 -batch - <<BATCH
link add cni0 type bridge
link set cni0 up
address add 192.168.10.$3/24 dev eth0
address add fd00:10::$3/64 dev eth0 nodad
address add 10.244.$2.1/24 dev cni0
address add fd00:244:$2::1/64 dev cni0 nodad
route add 10.244.$4.0/24 via 192.168.10.$5
route add fd00:244:$4::/64 via fd00:10::$5
route add default via 192.168.10.1
BATCH
}
house {node-a} 1 10 2 11
house {node-b} 2 11 1 10
pod() { # pod, node, its interface there, number of the block, its address
  ip -n $2 link add $3 type veth peer name eth0 netns $1
  ip -n $2 link set $3 master cni0 up
  ip -n $1 -batch - <<BATCH
link set eth0 up
address add 10.244.$4.$5/24 dev eth0
address add fd00:244:$4::$5/64 dev eth0 nodad
route add default via 10.244.$4.1
route add default via fd00:244:$4::1
BATCH
}
pod {web-1} {node-a} pod1 1 57
pod {web-2} {node-a} pod2 1 58
pod {web-3} {node-b} pod3 2 50
`
