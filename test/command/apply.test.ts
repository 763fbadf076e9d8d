import { describe, expect, test } from '@jest/globals'
import { ledgerPath, machineWith, run } from '../support/model-world.ts'
import { serviceText } from '../support/watched.ts'

const service = `\
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
    - port: 80
`
const deployment = `\
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
`
const files = { '/web.yaml': service + deployment }
const apply = ['apply', '-f', 'web.yaml', '--rules-only']

test('what nobody runs yet is refused, and nothing is changed', async () => {
  const machine = machineWith([], files)
  const { code, said } = await run(machine, apply)
  expect(said).toBe(
    'error: the real servers of default/web are simulated: nobody runs them yet\n' +
      'help: add EndpointSlices, or Pods with addresses; or say --simulate to put them in all the same\n',
  )
  expect(code).toBe(1)
  expect(machine.kernel.table()).toEqual([])
  expect(machine.files.has(ledgerPath)).toBe(false)
})

test('uninstall tells of no ledger where there was none', async () => {
  const { printed } = await run(machineWith([]), ['uninstall'])
  expect(printed).toBe('uninstalled: 0 virtual servers deleted\n')
})

test('--simulate puts it in', async () => {
  const machine = machineWith([], files)
  expect(await run(machine, [...apply, '--simulate'])).toMatchObject({ code: 0 })
  expect(machine.kernel.table()).toHaveLength(1)
})

test('the address of a server is no ledger', async () => {
  const machine = machineWith([], files)
  const words = ['drain', '10.0.0.1', '--ledger', 'etcd://192.0.2.1:2379/shop']
  const { code, said } = await run(machine, words)
  expect(code).toBe(2)
  expect(said).toContain('a ledger is a file, and "etcd://192.0.2.1:2379/shop" is the address')
})

test('what a broken ledger says comes as one line', async () => {
  const machine = machineWith([], { ...files, [ledgerPath]: 'oh\u001b[2J\nno\n' })
  const { code, said } = await run(machine, apply)
  expect(code).toBe(3)
  expect(said).toMatch(/^error: the ledger "[^"]*" cannot be read: [ -~]*\nhelp: [ -~]*\n$/)
})

describe('a Service that another set has', () => {
  const web = serviceText('web', { clusterIP: '10.96.0.10' })
  const again = ['apply', '-f', 'web.yaml', '--rules-only', '--set', 'other']
  const applied = async () => {
    const machine = machineWith([], { '/web.yaml': web })
    await run(machine, ['apply', '-f', 'web.yaml', '--rules-only'])
    return machine
  }

  test.each([[again], [[...again, '--dry-run']]])('stays there: %j', async (words) => {
    const machine = await applied()
    const before = machine.files.get(ledgerPath)
    const { code, said } = await run(machine, words)
    expect(code).toBe(3)
    expect(said).toContain(
      'error[service-of-another-set]: default/web belongs to the set "default", and is asked for in the set "other"\n --> web.yaml:4:9\n',
    )
    expect(machine.files.get(ledgerPath)).toBe(before)
  })

  test('is a difference', async () => {
    const words = ['-f', 'web.yaml', '--rules-only', '--set', 'other']
    const machine = await applied()
    expect(await run(machine, ['diff', ...words])).toMatchObject({ code: 1, printed: '' })
    expect((await run(machine, ['diff', ...words, '--adopt'])).code).toBe(0)
  })

  test('is moved where it is adopted', async () => {
    const machine = await applied()
    expect((await run(machine, [...again, '--adopt'])).code).toBe(0)
    expect((await run(machine, again)).code).toBe(0)
    expect(machine.files.get(ledgerPath)).toContain('"set":"other"')
  })
})
