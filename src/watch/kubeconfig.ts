import type { Source } from '../diagnostic/source.ts'
import { isFields } from '../manifest/document.ts'
import { readDocuments } from '../manifest/read.ts'
import { list, map, text } from '../object/metadata.ts'

/** How to reach an API server, as a kubeconfig says it. */
export interface Access {
  /** `https://10.0.0.1:6443` */
  readonly server: string
  readonly serverName: string | undefined
  readonly insecure: boolean
  readonly authority: Material | undefined
  readonly certificate: Material | undefined
  readonly key: Material | undefined
  readonly token: Material | undefined
  readonly user: string | undefined
  readonly password: string | undefined
}

/** A text that stands in the kubeconfig itself, or in a file that it names. */
export type Material =
  | { readonly text: string }
  | { readonly file: string }
  | { readonly base64: string }

/** Where a pod finds what it needs to reach its cluster. */
export const accountFolder = '/var/run/secrets/kubernetes.io/serviceaccount'

/** The access of a pod. */
export function accessInCluster(host: string, port: string): Access {
  const bare = host.includes(':') ? `[${host}]` : host
  return {
    ...nothing,
    server: `https://${bare}:${port}`,
    authority: { file: `${accountFolder}/ca.crt` },
    token: { file: `${accountFolder}/token` },
  }
}

const nothing: Access = {
  ...{ server: '', serverName: undefined, insecure: false, authority: undefined },
  ...{ certificate: undefined, key: undefined, token: undefined },
  ...{ user: undefined, password: undefined },
}

/** The access that a kubeconfig describes under a context; a sentence where it describes none. */
export function accessIn(source: Source, context: string | undefined): Access | string {
  const faults: string[] = []
  const [document] = [...readDocuments(source, ({ message }) => void faults.push(message))]
  if (document === undefined || !isFields(document.value)) return faults[0] ?? 'it says nothing'
  const config = document.value
  const wanted = context ?? text(config['current-context'])
  if (wanted === undefined) return 'it has no current-context'
  const chosen = named(config.contexts, 'context', wanted)
  if (chosen === undefined) return `it has no context "${wanted}"`
  const cluster = named(config.clusters, 'cluster', text(chosen.cluster) ?? '')
  if (cluster === undefined) return `it has no cluster "${text(chosen.cluster) ?? ''}"`
  const user = named(config.users, 'user', text(chosen.user) ?? '') ?? {}
  if (user.exec !== undefined || user['auth-provider'] !== undefined) {
    return `the user "${text(chosen.user)}" would have a command run, which is never done`
  }
  const server = text(cluster.server)
  const folder = source.name.slice(0, source.name.lastIndexOf('/') + 1)
  if (server === undefined) return `the cluster "${text(chosen.cluster)}" has no server`
  return {
    server: server.replace(/\/+$/, ''),
    serverName: text(cluster['tls-server-name']),
    insecure: cluster['insecure-skip-tls-verify'] === true,
    authority: materialIn(cluster, 'certificate-authority', folder),
    certificate: materialIn(user, 'client-certificate', folder),
    key: materialIn(user, 'client-key', folder),
    token: tokenIn(user, folder),
    user: text(user.username),
    password: text(user.password),
  }
}

type Fields = Readonly<Record<string, unknown>>

function named(all: unknown, kind: string, name: string): Fields | undefined {
  const found = list(all).find((one) => one?.name === name)
  return found === undefined ? undefined : map(found[kind])
}

/** Files are named from the folder of the kubeconfig on. */
function materialIn(fields: Fields, name: string, folder: string): Material | undefined {
  const base64 = text(fields[`${name}-data`])
  if (base64 !== undefined) return { base64 }
  const file = text(fields[name])
  return file === undefined ? undefined : { file: file.startsWith('/') ? file : folder + file }
}

function tokenIn(user: Fields, folder: string): Material | undefined {
  const file = materialIn({ token: user.tokenFile }, 'token', folder)
  const own = text(user.token)
  return file ?? (own === undefined ? undefined : { text: own })
}
