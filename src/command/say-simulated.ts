import type { World } from '../world/world.ts'

/** What has no room for a mark gets a word beside it. */
export function saySimulated(what: string, count: number, world: World): void {
  const are = count === 1 ? 'is' : 'are'
  if (count > 0) {
    world.say(`warning: ${count} of the ${what} ${are} simulated: nobody runs them yet\n`)
  }
}
