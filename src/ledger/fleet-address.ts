/** Where a fleet keeps its ledger: `etcd://HOST:PORT[,HOST:PORT…]/PREFIX`. */
export interface FleetAddress {
  /** `https://10.0.0.1:2379` */
  readonly endpoints: readonly string[]
  /** With a slash at its end: every key of the fleet begins with it. */
  readonly prefix: string
}

/** Whether a text is meant as the address of a server at all. */
export function isAddress(text: string): boolean {
  return text.includes('://') && /^[a-z][a-z0-9+.-]*:\/\//i.test(text)
}

/**
 * Reads an address; answers a sentence where it is none. `etcds` speaks TLS, and so does `etcd` where
 * somebody says whom to trust.
 */
export function parseFleetAddress(text: string, hasTrust: boolean): FleetAddress | string {
  const [, scheme = '', places = '', path = ''] = /^(etcds?):\/\/([^/]*)\/?(.*)$/.exec(text) ?? []
  if (scheme === '') return 'it begins with etcd:// or etcds://'
  // A password in an address would stand in every list of processes.
  if (text.includes('@')) return 'a user is given with --etcd-user, and never in the address'
  const name = path.replace(/\/+$/, '')
  if (name === '') return 'it ends with a prefix for its keys, such as etcd://10.0.0.1:2379/fleet'
  if (/[^\w./-]/.test(name)) return 'its prefix is made of letters, digits, "-", "_", "." and "/"'
  const protocol = scheme === 'etcds' || hasTrust ? 'https' : 'http'
  const endpoints: string[] = []
  for (const place of places.split(',')) {
    const port = Number(/^(?:\[[0-9a-f:.]+\]|[\w.-]+)(?::([0-9]{1,5}))?$/i.exec(place)?.[1] ?? 2379)
    const isPlace = /^(?:\[[0-9a-f:.]+\]|[\w.-]+)(?::[0-9]{1,5})?$/i.test(place)
    if (!isPlace || port < 1 || port > 65_535) return `"${place}" is no host with a port`
    endpoints.push(`${protocol}://${/:[0-9]+$/.test(place) ? place : `${place}:2379`}`)
  }
  return { endpoints, prefix: `${name}/` }
}
