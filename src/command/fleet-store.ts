import type { Source } from '../diagnostic/source.ts'
import {
  type FleetKey,
  type FleetState,
  fleetState,
  wishesFrom,
  wishesTo,
} from '../ledger/fleet.ts'
import { parseFleetAddress } from '../ledger/fleet-address.ts'
import type { Material } from '../watch/kubeconfig.ts'
import type { Etcd, EtcdAccess, Span } from '../world/etcd.ts'
import { type World, WorldError } from '../world/world.ts'
import type { EtcdFlags } from './options.ts'

/** The ledger of a fleet, as whoever writes it sees it. */
export interface FleetStore {
  readonly etcd: Etcd
  readonly prefix: string
  /** The keys of some spans, all as they were at one moment. */
  readonly keysIn: (spans: readonly Span[]) => Promise<FleetKeys>
  readonly read: () => Promise<FleetState>
}

interface FleetKeys {
  readonly keys: readonly FleetKey[]
  readonly revision: number
}

/** Runs something with the store at an address. */
export async function withFleet<T>(
  address: string,
  flags: EtcdFlags,
  world: World,
  run: (store: FleetStore) => Promise<T>,
): Promise<T> {
  const { access, prefix } = fleetAccess(address, flags, world)
  const etcd = await world.openEtcd(access)
  const keysIn = async (spans: readonly Span[]): Promise<FleetKeys> => {
    const keys: FleetKey[] = []
    let moment: number | undefined
    for (const { from, to } of spans) {
      const end = to === undefined ? undefined : prefix + to
      const found = await etcd.range({ from: prefix + from, to: end, revision: moment })
      moment ??= found.revision
      for (const one of found.keys) keys.push({ ...one, key: one.key.slice(prefix.length) })
    }
    return { keys, revision: moment ?? 0 }
  }
  const read = async () => {
    const { keys, revision } = await keysIn([{ from: wishesFrom, to: wishesTo }])
    return fleetState(keys, revision)
  }
  try {
    return await run({ etcd, prefix, keysIn, read })
  } finally {
    etcd.close()
  }
}

/** How long a leader may be away: an election takes a second or two. */
const patience = 20_000

export interface FleetAccess {
  readonly access: EtcdAccess
  readonly prefix: string
}

export function fleetAccess(address: string, flags: EtcdFlags, world: World): FleetAccess {
  const { etcdCacert, etcdCert, etcdKey, etcdUser, etcdPasswordFile } = flags
  const hasTrust = etcdCacert !== undefined || etcdCert !== undefined
  const read = parseFleetAddress(address, hasTrust)
  if (typeof read === 'string') {
    throw new WorldError(`"${address}" is no address of a fleet: ${read}`, { kind: 'input' })
  }
  if ((etcdCert === undefined) !== (etcdKey === undefined)) {
    throw new WorldError('--etcd-cert and --etcd-key go together', { kind: 'input' })
  }
  const file = (path: string | undefined): Material | undefined => {
    if (path === undefined) return undefined
    textIn(path, world)
    return { file: path }
  }
  const password =
    etcdPasswordFile === undefined
      ? world.variable('NODEPORT_ETCD_PASSWORD')
      : textIn(etcdPasswordFile, world).replace(/\r?\n$/, '')
  if (etcdUser !== undefined && password === undefined) {
    throw new WorldError(`there is no password for the user "${etcdUser}"`, {
      kind: 'input',
      help: 'say it in the variable NODEPORT_ETCD_PASSWORD, or in a file with --etcd-password-file',
    })
  }
  return {
    prefix: read.prefix,
    access: {
      endpoints: read.endpoints,
      ...{ authority: file(etcdCacert), certificate: file(etcdCert), key: file(etcdKey) },
      ...{ user: etcdUser, password: etcdUser === undefined ? undefined : password, patience },
    },
  }
}

function textIn(path: string, world: World): string {
  const text = world.readFile(path)
  if (text !== undefined) return text
  throw new WorldError(`the file "${path}" does not exist`, { kind: 'input' })
}

/** What is stored, as manifests. */
export function sourcesOf({ records }: FleetState): readonly Source[] {
  return [...records].map(([key, { object }]) => ({ name: key, text: JSON.stringify(object) }))
}
