const { default: Sequencer } = require('@jest/test-sequencer')

/**
 * Takes files in turn from those of the one lab, those of the other, and the rest, so that neither
 * lab's processor has nothing to do while there is still something for it. Within each, the longest
 * come first, as jest knows or guesses them.
 */
module.exports = class InTurn extends Sequencer {
  sort(tests) {
    const groups = [[], [], []]
    for (const test of super.sort(tests)) groups[groupOf(test.path)].push(test)
    const sorted = []
    for (let index = 0; sorted.length < tests.length; index++) {
      sorted.push(...groups.flatMap((group) => group[index] ?? []))
    }
    return sorted
  }
}

function groupOf(path) {
  if (path.includes('/test/lab/packets/')) return 0
  return path.includes('/test/lab/') ? 1 : 2
}
