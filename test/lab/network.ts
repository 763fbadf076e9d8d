import { randomUUID } from 'node:crypto'
import type { Lab, Namespace } from './lab.ts'

/** A client, a director between, and servers that answer through it: three network namespaces. */
export interface Network {
  readonly client: Namespace
  /** 10.1.0.1 towards the client, 10.2.0.1 towards the servers. */
  readonly director: Namespace
  /** 10.2.0.11 to 10.2.0.14. */
  readonly servers: Namespace
}

export const virtualAddress = '10.1.0.1'
export const backends = ['10.2.0.11', '10.2.0.12', '10.2.0.13', '10.2.0.14'] as const

export async function network(lab: Lab): Promise<Network> {
  const [client, director, servers] = await Promise.all([
    lab.namespace(),
    lab.namespace(),
    lab.namespace(),
  ])
  const id = randomUUID().slice(0, 6)
  const link = (name: string, at: Namespace, address: string, other: Namespace, to: string) => `
    ip link add ${name}a${id} type veth peer name ${name}b${id}
    ip link set ${name}a${id} netns ${at.name} name ${name}
    ip link set ${name}b${id} netns ${other.name} name ${name}
    ip -n ${at.name} addr add ${address}/24 dev ${name}; ip -n ${at.name} link set ${name} up
    ip -n ${other.name} addr add ${to}/24 dev ${name}; ip -n ${other.name} link set ${name} up`
  const script = `set -e
    ${link('near', client, '10.1.0.2', director, virtualAddress)}
    ${link('far', director, '10.2.0.1', servers, backends[0])}
    for address in ${backends.slice(1).join(' ')}; do
      ip -n ${servers.name} addr add $address/24 dev far
    done
    ip -n ${servers.name} route add default via 10.2.0.1`
  const { code, stderr } = await lab.run(['sh', '-c', script])
  if (code !== 0) throw new Error(`there is no network: ${stderr}`)
  await director.run(['sh', '-c', 'echo 1 >/proc/sys/net/ipv4/ip_forward'])
  return { client, director, servers }
}
