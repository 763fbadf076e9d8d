import { describe, expect, test } from '@jest/globals'
import { type Ledger, parseLedger } from '../../src/ledger/ledger.ts'
import type { Change } from '../../src/table/change.ts'
import { printRules } from '../../src/text/ipvsadm/rules.ts'
import { WorldError } from '../../src/world/world.ts'
import { canonical } from '../support/canonical.ts'
import { copyOf, ledgerPath, type Machine, machineWith, run } from '../support/model-world.ts'
import { serverWith } from '../support/tables.ts'

const foreign = serverWith({ port: 9999, scheduler: 'lc' })

const first = [
  '-A -t 10.96.0.1:80 -s rr',
  '-a -t 10.96.0.1:80 -r 10.244.0.1:80 -m -w 1',
  '-a -t 10.96.0.1:80 -r 10.244.0.2:80 -m -w 1',
  '-A -t 10.96.0.2:80 -s rr',
  '-a -t 10.96.0.2:80 -r 10.244.0.1:80 -m -w 1',
]
const second = [
  '-A -t 10.96.0.1:80 -s wrr',
  '-a -t 10.96.0.1:80 -r 10.244.0.2:80 -m -w 5',
  '-a -t 10.96.0.1:80 -r 10.244.0.3:80 -m -w 1',
  '-A -t 10.96.0.3:80 -s rr',
  '-a -t 10.96.0.3:80 -r 10.244.0.3:80 -m -w 1',
]

const files = { '/first': lines(first), '/second': lines(second), '/third': lines(second.slice(3)) }
const apply = (file: string) => ['apply', '--rules', file]

describe('an apply that is killed', () => {
  test('is mended by the same apply, wherever it was', async () => {
    await atEveryPoint(apply('second'), async (machine) => {
      expect((await run(machine, apply('second'))).code).toBe(0)
      expect(rulesIn(machine)).toEqual(second.toSorted())
    })
  })

  test('is mended by an apply of something else', async () => {
    await atEveryPoint(apply('second'), async (machine) => {
      expect((await run(machine, apply('third'))).code).toBe(0)
      expect(rulesIn(machine)).toEqual(second.slice(3).toSorted())
    })
  })

  test('is brought to its end, or never began, when another set is applied', async () => {
    await atEveryPoint(apply('second'), async (machine) => {
      machine.files.set('/other', '-A -t 10.96.0.9:80 -s rr\n')
      const { code } = await run(machine, [...apply('other'), '--set', 'other'])
      expect(code).toBe(0)
      const other = '-A -t 10.96.0.9:80 -s rr'
      expect([first, second].map((all) => [...all, other].toSorted())).toContainEqual(
        rulesIn(machine),
      )
    })
  })

  test('does not hide what is ours from uninstall', async () => {
    await atEveryPoint(apply('second'), async (machine) => {
      expect((await run(machine, ['uninstall'])).code).toBe(0)
      expect(rulesIn(machine)).toEqual([])
      expect([...machine.files.keys()].sort()).toEqual(Object.keys(files).sort())
    })
  })

  test('and killed again, is mended all the same', async () => {
    await atEveryPoint(apply('second'), async (machine) => {
      const killedOnce = copyOf(machine)
      await run(machine, apply('first'))
      await atEveryPoint(
        apply('third'),
        async (again) => {
          expect((await run(again, apply('first'))).code).toBe(0)
          expect(rulesIn(again)).toEqual(first.toSorted())
        },
        async () => copyOf(killedOnce),
      )
    })
  })
})

test('a delete that is killed is brought to its end by whoever comes next', async () => {
  await atEveryPoint(['delete', 'rules/default'], async (machine) => {
    machine.files.set('/other', '-A -t 10.96.0.9:80 -s rr\n')
    await run(machine, [...apply('other'), '--set', 'other'])
    expect([[], first.toSorted()]).toContainEqual(
      rulesIn(machine).filter((rule) => !rule.includes('.9:80')),
    )
  })
})

test('a drain that is killed is brought to its end by whoever comes next', async () => {
  await atEveryPoint(['drain', '10.244.0.1:80'], async (machine) => {
    machine.files.set('/other', '-A -t 10.96.0.9:80 -s rr\n')
    await run(machine, [...apply('other'), '--set', 'other'])
    const isDrained = ledgerOf(machine).drains.size > 0
    const weights = rulesIn(machine).filter((rule) => rule.includes('-r 10.244.0.1:80'))
    expect(weights.map((rule) => rule.slice(-1))).toEqual(isDrained ? ['0', '0'] : ['1', '1'])
  })
})

describe('where the kernel refuses a change', () => {
  test('because of what somebody else put there, all is as it was before', async () => {
    await atEveryChange(async (index) => {
      const machine = await applied()
      const before = copyOf(machine)
      let planted: Change | undefined
      const { code, said } = await run(machine, apply('second'), {
        meanwhile: (change, at, kernel) => {
          if (at !== index || (change.verb !== 'add' && change.verb !== 'attach')) return
          planted = change
          kernel.perform(change)
        },
      })
      if (planted === undefined) return
      expect({ index, code }).toEqual({ index, code: 3 })
      expect(said).toMatch(/the kernel refused change \d+ of \d+/)
      expect(said).toContain('undone: everything is as it was before')
      // What is planted in a virtual server that we have made goes with it.
      const isNew = planted.verb === 'attach' && planted.server.address === '10.96.0.3'
      if (!isNew) before.kernel.perform(planted)
      expect(canonical(machine.kernel.table())).toEqual(canonical(before.kernel.table()))
      expect(machine.files).toEqual(before.files)
    })
  })

  test('because somebody else took something away, the next apply mends it', async () => {
    await atEveryChange(async (index) => {
      const machine = await applied()
      const { code, said } = await run(machine, apply('second'), {
        meanwhile: (change, at, kernel) => {
          if (at !== index || change.verb === 'add' || change.verb === 'attach') return
          if ('realServer' in change) kernel.perform({ ...change, verb: 'detach' })
          else kernel.perform({ ...change, verb: 'delete' })
        },
      })
      if (code !== 0) {
        expect([3, 4]).toContain(code)
        expect(said).toContain(code === 3 ? 'everything is as it was' : 'what is left to do:')
      }
      expect((await run(machine, apply('second'))).code).toBe(0)
      expect(rulesIn(machine)).toEqual(second.toSorted())
    })
  })

  test('and it cannot be undone, it is taken back when something else is applied', async () => {
    const machine = await applied()
    const { code } = await run(machine, apply('second'), {
      meanwhile: (change, _, kernel) => {
        // Whoever takes this away while it is changed lets both the change and its undoing fail.
        if (change.verb === 'adjust') kernel.perform({ verb: 'delete', server: change.server })
      },
    })
    expect(code).toBe(4)
    machine.files.set('/other', '-A -t 10.96.0.9:80 -s rr\n')
    expect((await run(machine, [...apply('other'), '--set', 'other'])).code).toBe(0)
    expect(rulesIn(machine)).toEqual([...first, '-A -t 10.96.0.9:80 -s rr'].toSorted())
  })
})

describe('Ctrl-C', () => {
  test('in the middle of an apply leaves all as it was before', async () => {
    await atEveryChange(async (index) => {
      const machine = await applied()
      const before = copyOf(machine)
      const { code, said } = await run(machine, apply('second'), { interruptAt: index })
      if (code === 0) {
        expect(rulesIn(machine)).toEqual(second.toSorted())
        return
      }
      expect(code).toBe(130)
      expect(said).toMatch(/everything is as it was before|nothing was changed/)
      expect(canonical(machine.kernel.table())).toEqual(canonical(before.kernel.table()))
      expect(machine.files).toEqual(before.files)
    })
  })
})

describe('a disk that is full', () => {
  const full = (word: string) => (path: string) => {
    if (path.endsWith(word)) throw new WorldError(`"${path}" cannot be written: ENOSPC`)
  }

  test('before anything is changed, keeps it from being changed', async () => {
    const machine = await applied()
    const { code, said } = await run(machine, apply('second'), { writing: full('.journal') })
    expect(code).toBe(3)
    expect(said).toContain('ENOSPC')
    expect(rulesIn(machine)).toEqual(first.toSorted())
  })

  test('after all was changed, leaves it to the next apply to write it down', async () => {
    const machine = await applied()
    const { code, said } = await run(machine, apply('second'), { writing: full('/ledger.json') })
    expect(code).toBe(4)
    expect(said).toContain('all changes are made in the kernel')
    expect((await run(machine, apply('second'))).code).toBe(0)
    expect((await run(machine, ['audit'])).code).toBe(0)
    expect(machine.files.has(`${ledgerPath}.journal`)).toBe(false)
  })
})

/** So many changes has the apply of the second rules over the first, and some. */
async function atEveryChange(check: (index: number) => Promise<void>): Promise<void> {
  for (let index = 0; index < 12; index++) await check(index)
}

/** Kills a command at each of its effects, one after the other, and looks at what is left. */
async function atEveryPoint(
  words: readonly string[],
  check: (machine: Machine) => Promise<void>,
  begin = applied,
): Promise<void> {
  for (let dieAt = 0; ; dieAt++) {
    const machine = await begin()
    const { code } = await run(machine, words, { dieAt })
    await check(machine)
    expect(canonical(machine.kernel.table())).toEqual(expect.arrayContaining(canonical([foreign])))
    expect(machine.files.has(`${ledgerPath}.journal`)).toBe(false)
    if (code !== undefined) return
  }
}

/** The rules of what is not foreign, sorted. */
function rulesIn({ kernel }: Machine): string[] {
  const table = kernel.table().filter(({ port }) => port !== foreign.port)
  return printRules(table).split('\n').slice(0, -1).sort()
}

function ledgerOf({ files }: Machine): Ledger {
  const read = parseLedger(files.get(ledgerPath) ?? '')
  if (typeof read === 'string') throw new Error(read)
  return read
}

function lines(rules: readonly string[]): string {
  return rules.map((rule) => `${rule}\n`).join('')
}

async function applied(): Promise<Machine> {
  const machine = machineWith([foreign], files)
  await run(machine, apply('first'))
  return machine
}
