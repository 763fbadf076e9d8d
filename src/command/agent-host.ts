import type { IP } from '../address/ip.ts'
import type { Changed, Ledger } from '../ledger/ledger.ts'
import { sameValue } from '../ledger/same-value.ts'
import { needsOf, type Segment } from '../terrain/terrain.ts'
import type { Scope } from '../watch/numbers.ts'
import type { Ground } from '../world/ground.ts'
import { type World, WorldError } from '../world/world.ts'
import { type HostPart, type HostWish, hostPartFor, sayRefusal } from './host-part.ts'

/**
 * The host's part, for whoever keeps a table again and again. The table goes first: what the host
 * refuses is said once, and tried again when everything is compared.
 */
export class HostKeeper {
  readonly #wish: (ledger: Ledger) => HostWish
  readonly #world: World
  /** The ways to real servers, as far as they were asked for since everything was compared. */
  #ways = new KnownWays()
  /** What it refused when it was last asked. */
  #refused = new Set<string>()

  constructor(wish: (ledger: Ledger) => HostWish, world: World) {
    this.#wish = wish
    this.#world = world
  }

  /** How many things the host refuses. */
  get refused(): number {
    return this.#refused.size
  }

  /** Whether what entries become has anything to do with the host: usually it has not. */
  isConcerned({ entries }: Ledger, { entries: next, removed }: Changed): boolean {
    const needsBefore = (name: string) => {
      const entry = entries.get(name)
      return entry && needsOf(entry)
    }
    return (
      next.some((entry) => !sameValue(needsBefore(entry.name), needsOf(entry))) ||
      removed.some((name) => needsBefore(name) !== undefined)
    )
  }

  /** What is to be done about the host; nothing where it cannot even be looked at. */
  async partFor(before: Ledger, next: Ledger, how: Scope): Promise<HostPart | undefined> {
    if (how === 'whole') this.#ways = new KnownWays()
    const openGround = async () => this.#ways.over(await this.#world.openGround())
    try {
      return await hostPartFor(this.#wish(before), before, next, {
        openGround,
        say: this.#world.say,
      })
    } catch (error) {
      if (!(error instanceof WorldError)) throw error
      this.hear([error])
      return undefined
    }
  }

  /** Each refusal is said once, as long as it lasts. */
  hear(refusals: readonly WorldError[]): void {
    const before = this.#refused
    this.#refused = new Set(refusals.map(({ message }) => message))
    for (const refusal of refusals) {
      if (!before.has(refusal.message)) sayRefusal(refusal, this.#world)
    }
    if (before.size > 0 && refusals.length === 0) {
      this.#world.say('the host is as it is wanted again\n')
    }
  }
}

/** Real servers are many, and few of them new: the way to one is asked for once. */
class KnownWays {
  readonly #asked = new Set<IP>()
  readonly #segments = new Map<string, Segment>()

  /** The same ground, where nobody is asked twice. */
  over(ground: Ground): Ground {
    return {
      ...ground,
      around: async (ours, realServers) => {
        const unknown = [...realServers].filter((ip) => !this.#asked.has(ip))
        const found = await ground.around(ours, unknown)
        for (const ip of unknown) this.#asked.add(ip)
        for (const segment of found.segments) this.#segments.set(segment.interface, segment)
        const segments = [...this.#segments.values()]
        return { ...found, segments: segments.sort((a, b) => (a.interface < b.interface ? -1 : 1)) }
      },
    }
  }
}
