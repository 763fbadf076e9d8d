import { familyOf, type IP, wordOfIPv4, wordsOf } from '../../address/ip.ts'
import { didYouMean } from '../../diagnostic/suggest.ts'
import {
  type Identity,
  identityOf,
  type RealServer,
  type Table,
  type VirtualServer,
} from '../../table/virtual-server.ts'
import { placeOf, type Refusal, type Rule, refused } from './rule.ts'
import type { Word } from './rule-words.ts'

/** What a kernel has modules for. */
export interface Modules {
  readonly schedulers: ReadonlySet<string>
  readonly engines: ReadonlySet<string>
}

/** Those of Linux 6.1, as Debian builds it. */
export const usualModules: Modules = {
  schedulers: new Set('rr wrr lc wlc lblc lblcr dh sh sed nq fo ovf mh none'.split(' ')),
  engines: new Set(['sip']),
}

/** A virtual server in the kernel. */
export interface Entry {
  /** Its real servers are all those that there are, now and later. */
  readonly it: VirtualServer
  /** Where the word stands that made it. */
  readonly at: number
  readonly realServers: RealServers
}

/** Up to so many are looked through one after the other. */
const few = 16

/** Real servers in the order in which they were added; who is edited keeps its place. */
class RealServers {
  readonly all: RealServer[] = []
  /** Where the words stand that made them. */
  readonly starts: number[] = []
  /** Where they are among all, once they are many. */
  #places: Map<string, number> | undefined
  /** The highest address that one of them ever had: most are added in their order. */
  #highest = -1

  add(real: RealServer, at: number): void {
    this.#places?.set(keyOf(real), this.all.length)
    this.all.push(real)
    this.starts.push(at)
    this.#highest = Math.max(this.#highest, heightOf(real))
  }

  remove(index: number): void {
    this.all.splice(index, 1)
    this.starts.splice(index, 1)
    this.#places = undefined
  }

  /** -1 where there is none. */
  indexOf(real: RealServer): number {
    const { all } = this
    if (heightOf(real) > this.#highest) return -1
    if (all.length <= few) {
      const { address, port } = real
      return all.findIndex((other) => other.port === port && other.address === address)
    }
    this.#places ??= new Map(all.map((other, index) => [keyOf(other), index]))
    return this.#places.get(keyOf(real)) ?? -1
  }
}

/** An address of IPv4 as a number; 0 for others, which are not compared so. */
function heightOf({ address }: RealServer): number {
  return familyOf(address) === 'IPv4' ? wordOfIPv4(address) : 0
}

function keyOf({ address, port }: RealServer): string {
  return `${address} ${port}`
}

/** A table that rules act upon one after the other, as they do in the kernel. */
export class KernelTable {
  /** In the order in which they were made; who is edited keeps its place. */
  readonly #entries = new Map<string, Entry>()
  readonly #modules: Modules
  readonly #wordAt: (start: number) => Word

  constructor(modules: Modules, wordAt: (start: number) => Word) {
    this.#modules = modules
    this.#wordAt = wordAt
  }

  table(): Table {
    return Array.from(this.#entries.values(), ({ it }) => it)
  }

  /** Adds a virtual server where nothing stands against that. */
  addService(server: VirtualServer, at: number): Entry | undefined {
    const key = identityOf(server)
    if (this.#entries.has(key) || !this.#hasModules(server)) return undefined
    const realServers = new RealServers()
    const entry = { it: withRealServers(server, realServers.all), at, realServers }
    this.#entries.set(key, entry)
    return entry
  }

  entryOf(server: Identity): Entry | undefined {
    return this.#entries.get(identityOf(server))
  }

  #hasModules({ scheduler, engine }: VirtualServer): boolean {
    const { schedulers, engines } = this.#modules
    return schedulers.has(scheduler) && (engine === undefined || engines.has(engine))
  }

  /** Carries out a rule, or says why not. Checks are made in the kernel's order. */
  perform(rule: Rule): Refusal | undefined {
    const { command, server, places } = rule
    if (command === 'clear') this.#entries.clear()
    if (server === undefined) return undefined
    const key = identityOf(server)
    const entry = this.#entries.get(key)
    const at = placeOf(places, 'service-address')
    switch (command) {
      case 'add-service': {
        if (entry === undefined) {
          return this.addService(server, at.start) ? undefined : this.#missingModule(rule, server)
        }
        const related = { at: this.#wordAt(entry.at), label: 'first added here' }
        return refused('Service already exists', at, { label: 'added again here', related })
      }
      case 'edit-service': {
        if (entry === undefined) return noService(at)
        if (!this.#hasModules(server)) return this.#missingModule(rule, server)
        this.#entries.set(key, { ...entry, it: withRealServers(server, entry.realServers.all) })
        return undefined
      }
      case 'delete-service':
        return this.#entries.delete(key) ? undefined : noService(at)
      case 'zero':
        return entry === undefined && !isAnything(server) ? noService(at) : undefined
      case 'list':
        // ipvsadm stops where there is nothing to list.
        return entry === undefined ? { ...noService(at), status: 1, ends: true } : undefined
      case 'add-server':
      case 'edit-server':
      case 'delete-server':
        return entry === undefined
          ? refused('Service not defined', at, { label: 'not added before' })
          : performOn(entry, rule, this.#wordAt)
      default:
        return undefined
    }
  }

  /** Says which of them is missing. */
  #missingModule({ places, word }: Rule, { scheduler }: VirtualServer): Refusal {
    const sentence = 'Scheduler or persistence engine not found'
    const { schedulers } = this.#modules
    if (schedulers.has(scheduler)) {
      return refused(sentence, placeOf(places, 'pe'), { label: 'not a persistence engine' })
    }
    const help = didYouMean(scheduler, schedulers)
    return refused(sentence, places.get('scheduler') ?? word, { label: 'not a scheduler', help })
  }
}

/** Written out, since a spread takes several times the memory. */
function withRealServers(server: VirtualServer, realServers: readonly RealServer[]): VirtualServer {
  return {
    family: server.family,
    protocol: server.protocol,
    address: server.address,
    port: server.port,
    fwmark: server.fwmark,
    scheduler: server.scheduler,
    flags: server.flags,
    timeout: server.timeout,
    netmask: server.netmask,
    engine: server.engine,
    realServers,
  }
}

/** Adds a real server where nothing stands against that. */
export function addRealServer({ realServers }: Entry, real: RealServer, at: number): boolean {
  if (real.lowerThreshold > real.upperThreshold || !isUnicast(real.address)) return false
  if (realServers.indexOf(real) >= 0) return false
  realServers.add(real, at)
  return true
}

function performOn(
  entry: Entry,
  { command, realServer, places }: Rule,
  wordAt: (start: number) => Word,
): Refusal | undefined {
  if (realServer === undefined) return undefined
  const at = placeOf(places, 'real-server')
  const { realServers } = entry
  const index = realServers.indexOf(realServer)
  const absent = (): Refusal => refused('No such destination', at, { label: 'not added before' })
  if (command === 'delete-server') {
    if (index < 0) return absent()
    realServers.remove(index)
    return undefined
  }
  if (realServer.lowerThreshold > realServer.upperThreshold) {
    const label = `above the upper threshold, ${realServer.upperThreshold}`
    return refused('Numerical result out of range', placeOf(places, 'l-threshold'), { label })
  }
  if (command === 'edit-server') {
    if (index < 0) return absent()
    realServers.all[index] = realServer
    return undefined
  }
  const made = realServers.starts[index]
  if (made !== undefined) {
    const related = { at: wordAt(made), label: 'first added here' }
    return refused('Destination already exists', at, { label: 'added again here', related })
  }
  if (addRealServer(entry, realServer, at.start)) return undefined
  const sentence = 'Invalid operation.  Possibly wrong module version, address not unicast, ...'
  return refused(sentence, at, { label: 'not the address of one host' })
}

function noService(at: Word): Refusal {
  return refused('No such service', at, { label: 'not added before' })
}

/** ipvsadm names no virtual server to the kernel where nothing but zeros is said of it. */
function isAnything({ fwmark, address, port }: VirtualServer): boolean {
  return fwmark === 0 && port === 0 && wordsOf(address).every((word) => word === 0)
}

/**
 * Whether the kernel sends packets to it that are for one host alone. What its own interfaces add,
 * their broadcast addresses and link-local ones, is known only there, but for those of `lo`.
 */
function isUnicast(address: IP): boolean {
  if (familyOf(address) === 'IPv4') {
    const word = wordOfIPv4(address)
    if (word === 0 || word === 0xffffffff || word === 0x7fffffff) return false
    return word >>> 28 !== 14
  }
  const [first = 0, second = 0, third = 0, fourth = 0] = wordsOf(address)
  if (first >>> 24 === 0xff || first >>> 22 === 0xfe80 >>> 6) return false
  if (first !== 0 || second !== 0) return true
  return third === 0 ? fourth !== 0 : third !== 0xffff
}
