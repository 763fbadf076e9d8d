import { beforeAll, describe, expect, test } from '@jest/globals'
import {
  askedFor,
  conflicts,
  differences,
  isRefused,
  linesOf,
  cases as proxied,
  recorded,
  situation,
  textOf,
  unfinished,
} from '../support/recorded-kube-proxy.ts'
import { hasRecorded, readRecorded, recordedCases } from '../support/recorded-table.ts'
import type { Inside } from './inside.ts'
import { inLab } from './lab.ts'

// Addresses and marks that are further apart than half of all are ordered in a circle by ipvsadm, so
// that its order depends on where the kernel happens to keep them.
const circles = ['041', '060', '063', '064', '066', '068', '069']

// The others were recorded with traffic (T), or are ipvsadm's words for answers no kernel gives (S).
const cases = recordedCases.filter((name) => /^\d/.test(name))

const nodes = proxied.filter(([name, state]) => {
  return (
    !unfinished.includes(name) && !(name in conflicts) && !isRefused(situation(name, state).config)
  )
})

interface Apply {
  readonly words: readonly string[]
  readonly stdin: string
}

inLab('what was recorded, put into a kernel by us,', (lab) => {
  let results: Awaited<ReturnType<typeof applyAll>> = []
  const ofNodes = cases.length

  beforeAll(async () => {
    const namespace = await lab.namespace()
    const applies = [...cases.map(byRules), ...nodes.map(([name, state]) => askedFor(name, state))]
    results = await namespace.inside(applyAll, applies, { milliseconds: 90_000 })
  }, 120_000)

  test.each(cases.map((name, index) => ({ name, index })))('$name', ({ name, index }) => {
    const stable = circles.includes(name.slice(0, 3)) ? sortedLines : (text: string) => text
    const { code, again, rules, list, thresholds } = results[index] ?? fail
    expect({ code, again }).toEqual({ code: 0, again: 'rules/default unchanged\n' })
    expect(stable(rules)).toBe(stable(readRecorded(name, 'Sn.txt')))
    expect(stable(list)).toBe(stable(readRecorded(name, 'Ln.txt')))
    if (name.includes('threshold')) {
      expect(thresholds).toBe(readRecorded(name, 'Ln-thresholds.txt'))
    }
  })

  describe('is what kube-proxy put there', () => {
    const all = nodes.map(([name, state], index) => ({ name, state, index }))

    test.each(all)('$name$state', ({ name, state, index }) => {
      const { code, list, rules } = results[ofNodes + index] ?? fail
      const { [name]: difference } = differences
      expect(code).toBe(0)
      if (difference === undefined) expect(list).toBe(textOf(name, 'Ln', state, 'txt'))
      else
        expect(linesOf(rules).sort()).toEqual([...difference.instead(recorded(name, state))].sort())
    })
  })
})

const fail = { code: -1, again: '', rules: '', list: '', thresholds: '' }

/** Where ipvsadm refused something, what it left is what is asked for. */
function byRules(name: string): Apply {
  const stdin = readRecorded(name, hasRecorded(name, 'R.err') ? 'Sn.txt' : 'rules.txt')
  return { words: ['--rules', '-'], stdin }
}

async function applyAll({ nodeport, ipvsadm, scratch }: Inside, applies: readonly Apply[]) {
  const ledger = `${scratch()}/ledger.json`
  const found = []
  const lists = '-S -n\n-L --timeout\n-L -n\n-L --timeout\n-L -n --thresholds\n'
  const listed = (text: string) => {
    const [rules = '', list = '', thresholds = ''] = text.split(/^Timeout.*\n/m)
    return { rules, list, thresholds }
  }
  for (const { words, stdin } of applies) {
    const all = [
      'apply',
      ...words,
      '--ledger',
      ledger,
      '--allow-empty',
      '--simulate',
      '--rules-only',
    ]
    const { code } = await nodeport(all, { stdin })
    const { stdout: again } = await nodeport(all, { stdin })
    found.push({
      ...{ code, again },
      ...listed(ipvsadm(['-R'], lists)),
    })
    await nodeport(['uninstall', '--ledger', ledger])
  }
  return found
}

function sortedLines(text: string): string {
  return text.split('\n').sort().join('\n')
}
