import { readFileSync, writeFileSync } from 'node:fs'
import { release } from 'node:os'
import { printCIDR, readCIDR } from '../address/cidr.ts'
import type { IP } from '../address/ip.ts'
import type { LiveTerrain, Step } from '../terrain/steps.ts'
import type { Surroundings } from '../terrain/terrain.ts'
import { codeOf, reasonOf } from './files.ts'
import { performRules, readRules } from './firewall.ts'
import { openRouteLine, type RouteLine } from './route-line.ts'
import { WorldError } from './world.ts'

/** The machine itself, in the network namespace in which this program runs. */
export interface Ground {
  /** What it has that is not ours, as far as these real servers are concerned. */
  readonly around: (ours: readonly string[], realServers: Iterable<IP>) => Promise<Surroundings>
  readonly hasInterface: (name: string) => Promise<boolean>
  /** What it has of ours. */
  readonly look: (ours: string, sysctls: Iterable<string>) => Promise<LiveTerrain>
  /** Takes steps in order; what the world refuses is thrown. */
  readonly perform: (steps: readonly Step[]) => Promise<void>
  readonly close: () => void
}

export async function openGround(): Promise<Ground> {
  const line = await openRouteLine()
  return {
    around: (ours, realServers) => around(line, ours, [...realServers]),
    hasInterface: async (name) => (await line.links()).some((link) => link.name === name),
    look: (ours, sysctls) => look(line, ours, sysctls),
    perform: async (steps) => {
      for (const step of steps) await perform(line, step)
    },
    close: line.close,
  }
}

async function around(
  line: RouteLine,
  ours: readonly string[],
  realServers: readonly IP[],
): Promise<Surroundings> {
  const links = await line.links()
  const names = new Map(links.map(({ index, name }) => [index, name]))
  const addresses = await line.addresses()
  const routes = await line.routesTo(realServers)
  const outside = new Set<number>()
  for (const route of routes.values()) {
    if (typeof route !== 'string' && !route.isLocal) outside.add(route.index)
  }
  const others = addresses.filter(({ index }) => !ours.includes(names.get(index) ?? ''))
  return {
    own: new Set(others.map(({ address }) => address)),
    segments: [...outside]
      .map((index) => ({
        interface: names.get(index) ?? '',
        blocks: others
          .filter((own) => own.index === index)
          .flatMap(({ address, bits }) => readCIDR(`${address}/${bits}`)?.cidr ?? [])
          .map(printCIDR),
      }))
      .filter(({ interface: name }) => name !== '')
      .sort((a, b) => (a.interface < b.interface ? -1 : 1)),
    release: release(),
  }
}

async function look(line: RouteLine, ours: string, wanted: Iterable<string>): Promise<LiveTerrain> {
  const link = (await line.links()).find(({ name }) => name === ours)
  const addresses = link === undefined ? [] : await line.addresses()
  // An interface that is up gives itself an address of the link, which is no concern of ours.
  const onOurs = addresses.filter(
    ({ index, address }) => index === link?.index && !address.startsWith('fe80:'),
  )
  const sysctls = new Map<string, string>()
  for (const name of wanted) {
    const value = readSysctl(name)
    if (value !== undefined) sysctls.set(name, value)
  }
  return {
    hasInterface: link !== undefined,
    leadsNowhere: link?.kind === 'dummy',
    addresses: new Set(onOurs.map(({ address }) => address)),
    sysctls,
    rules: readRules(),
  }
}

async function perform(line: RouteLine, step: Step): Promise<void> {
  switch (step.kind) {
    case 'sysctl':
      writeSysctl(step.name, step.value)
      return
    case 'interface':
      return await (step.verb === 'add' ? line.addDummy(step.name) : line.deleteLink(step.name))
    case 'addresses': {
      const link = (await line.links()).find(({ name }) => name === step.interface)
      if (link === undefined) return
      return await line.changeAddresses(step.verb, link.index, step.addresses)
    }
    case 'rules':
      performRules(step)
  }
}

/** A setting of the kernel, or nothing where it does not have it. */
export function readSysctl(name: string): string | undefined {
  try {
    return readFileSync(pathOf(name), 'utf8').trim()
  } catch {
    return undefined
  }
}

function writeSysctl(name: string, value: string): void {
  try {
    writeFileSync(pathOf(name), `${value}\n`)
  } catch (cause) {
    throw new WorldError(`${name} cannot be set to ${value}: ${reasonOf(cause)}`, {
      help:
        codeOf(cause) === 'EROFS'
          ? `set it where this container runs: sysctl -w ${name}=${value}`
          : 'run it as root; or say --rules-only',
      cause,
    })
  }
}

function pathOf(name: string): string {
  return `/proc/sys/${name.replaceAll('.', '/')}`
}
