import type { IP } from '../../src/address/ip.ts'
import { emptySets, type SetName, type Sets } from '../../src/terrain/sets.ts'
import type { LiveTerrain, Step } from '../../src/terrain/steps.ts'
import type { Surroundings } from '../../src/terrain/terrain.ts'
import type { Ground } from '../../src/world/ground.ts'
import { WorldError } from '../../src/world/world.ts'

/** The machine around a table, in memory: it takes the steps that a real one would. */
export class ModelGround {
  readonly interfaces = new Map<string, Set<IP>>()
  readonly sysctls = new Map<string, string>()
  sets: Sets | undefined
  /** Settings that cannot be written. */
  readonly fixed = new Set<string>()
  /** Not of its state: who looks whether two grounds are the same does not see it. */
  readonly #asked: (readonly IP[])[] = []
  readonly around: Surroundings

  constructor(around: Partial<Surroundings> = {}, sysctls: Readonly<Record<string, string>> = {}) {
    this.around = { own: new Set(), segments: [], release: '6.1.0', ...around }
    for (const [name, value] of Object.entries({ ...usual, ...sysctls })) {
      this.sysctls.set(name, value)
    }
  }

  copy(): ModelGround {
    const other = new ModelGround(this.around, Object.fromEntries(this.sysctls))
    for (const [name, addresses] of this.interfaces) other.interfaces.set(name, new Set(addresses))
    for (const name of this.fixed) other.fixed.add(name)
    other.sets = this.sets && copyOf(this.sets)
    return other
  }

  /** The real servers whose ways were asked for, each time; it forgets them. */
  takeAsked(): readonly (readonly IP[])[] {
    return this.#asked.splice(0)
  }

  aroundFor(realServers: readonly IP[]): Surroundings {
    this.#asked.push(realServers)
    return { ...this.around, segments: realServers.length === 0 ? [] : this.around.segments }
  }

  look(ours: string, wanted: Iterable<string>): LiveTerrain {
    const sysctls = [...wanted].flatMap((name) => {
      const value = this.sysctls.get(name)
      return value === undefined ? [] : [[name, value] as const]
    })
    return {
      hasInterface: this.interfaces.has(ours),
      leadsNowhere: !ours.startsWith('eth'),
      addresses: new Set(this.interfaces.get(ours)),
      sysctls: new Map(sysctls),
      rules: { by: 'nftables', sets: this.sets && copyOf(this.sets), isIntact: true },
    }
  }

  perform(step: Step): void {
    switch (step.kind) {
      case 'sysctl':
        if (this.fixed.has(step.name)) throw new WorldError(`${step.name} cannot be set`)
        this.sysctls.set(step.name, step.value)
        break
      case 'interface':
        if (step.verb === 'delete') this.interfaces.delete(step.name)
        else this.interfaces.set(step.name, new Set())
        break
      case 'addresses':
        for (const address of step.addresses) {
          this.interfaces.get(step.interface)?.[step.verb](address)
        }
        break
      case 'rules':
        if (step.verb === 'delete') this.sets = undefined
        else {
          if (step.verb === 'load') this.sets = emptySets()
          if (this.sets !== undefined) readElements(step.text, this.sets)
        }
    }
  }
}

/** The ground of a process, which may die at each of its steps. */
export function groundOver(model: ModelGround, act: () => void = () => {}): Ground {
  return {
    around: async (_, realServers) => model.aroundFor([...realServers]),
    hasInterface: async (name) => model.interfaces.has(name),
    look: async (ours, sysctls) => model.look(ours, sysctls),
    perform: async (steps) => {
      for (const step of steps) {
        act()
        model.perform(step)
      }
    },
    close: () => {},
  }
}

const usual = {
  'net.ipv4.ip_forward': '0',
  'net.ipv6.conf.all.forwarding': '0',
  'net.ipv4.vs.conntrack': '0',
  'net.ipv4.vs.expire_nodest_conn': '0',
  'net.ipv4.vs.expire_quiescent_template': '0',
  'net.ipv4.vs.conn_reuse_mode': '1',
}

/** As nft does: in order, and what is there twice or not at all is refused. */
function readElements(text: string, sets: Sets): void {
  const lines = text.matchAll(/^(add|delete) element inet \S+ (\S+) \{ (.*) \}$/gm)
  for (const [, verb, name = '', elements = ''] of lines) {
    const set = sets[name as SetName]
    for (const element of elements.split(', ')) {
      const [key = '', leadsTo = ''] = element.split(' : ')
      if (set.has(key) !== (verb === 'delete')) throw new Error(`nft refuses to ${verb} ${element}`)
      if (verb === 'delete') set.delete(key)
      else set.set(key, leadsTo)
    }
  }
}

function copyOf(sets: Sets): Sets {
  const copy = emptySets()
  for (const name of Object.keys(sets) as SetName[]) {
    for (const [key, leadsTo] of sets[name]) copy[name].set(key, leadsTo)
  }
  return copy
}
