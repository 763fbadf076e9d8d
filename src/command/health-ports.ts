import { byPort, type HealthCheck, healthCheckReply } from '../watch/health-check.ts'
import type { Listener, Place, Reply } from '../world/sockets.ts'
import type { Watchpost } from '../world/watchpost.ts'
import { type World, WorldError } from '../world/world.ts'

export interface HealthPortsOptions {
  readonly checks: () => Iterable<HealthCheck>
  readonly isHealthy: () => boolean
}

/**
 * Balancers ask on a port of its own for each Service whether anybody answers on this node. The
 * ports are open for as long as there is such a Service.
 */
export class HealthPorts {
  readonly #options: HealthPortsOptions
  readonly #post: Watchpost
  readonly #world: World
  readonly #listeners = new Map<string, Listener>()
  /** Where nobody could listen, so that it is said once. */
  readonly #deaf = new Set<string>()

  constructor(options: HealthPortsOptions, post: Watchpost, world: World) {
    this.#options = options
    this.#post = post
    this.#world = world
  }

  /** Opens and closes what has to be, on these addresses; nothing stands for all of them. */
  update(hosts: readonly (string | undefined)[]): void {
    const wanted = new Map<string, Place>()
    for (const { port } of this.#options.checks()) {
      for (const host of hosts) wanted.set(`${host} ${port}`, { host, port })
    }
    for (const [key, listener] of this.#listeners) {
      if (wanted.has(key)) continue
      listener.close()
      this.#listeners.delete(key)
    }
    for (const key of this.#deaf) if (!wanted.has(key)) this.#deaf.delete(key)
    for (const [key, place] of wanted) {
      if (!this.#listeners.has(key)) void this.#open(key, place)
    }
  }

  close(): void {
    for (const listener of this.#listeners.values()) listener.close()
    this.#listeners.clear()
  }

  async #open(key: string, place: Place): Promise<void> {
    // Whoever comes next must not open it a second time.
    const promise: Listener = { close: () => {} }
    this.#listeners.set(key, promise)
    try {
      const listener = await this.#post.listen(place, () => this.#reply(place.port))
      if (this.#listeners.get(key) === promise) this.#listeners.set(key, listener)
      else listener.close()
    } catch (error) {
      this.#listeners.delete(key)
      if (!(error instanceof WorldError)) throw error
      if (!this.#deaf.has(key)) this.#world.say(`warning: ${error.message}\n`)
      this.#deaf.add(key)
    }
  }

  #reply(port: number): Reply {
    const check = byPort(this.#options.checks()).get(port)
    return check === undefined
      ? { status: 404, type: 'text/plain', body: '' }
      : healthCheckReply(check, this.#options.isHealthy())
  }
}
