import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Endpoint, EndpointSlice } from '../../src/object/endpoint-slice.ts'
import { DueQueue } from '../../src/watch/due-queue.ts'
import { probesOf, type Target, usualTiming } from '../../src/watch/probe.ts'
import { Prober } from '../../src/watch/prober.ts'

function targetOf(address: string, parts: Partial<Target> = {}): Target {
  const check = { kind: 'tcp', port: 8080, path: '/', host: undefined, headers: {} } as const
  const key = `default/web ${address} 8080`
  const service = 'default/web'
  return { key, service, address, port: 8080, check, timing: usualTiming, ready: true, ...parts }
}

function sliceOf(
  endpoints: readonly (readonly [address: string, ready: boolean])[],
): EndpointSlice {
  return {
    ...{ namespace: 'default', name: 'web-1', labels: {}, annotations: {}, origin: undefined },
    ...{ service: 'web', addressType: 'IPv4' },
    ports: [
      { name: '', protocol: 'TCP', port: 8080, appProtocol: undefined },
      { name: 'metrics', protocol: 'TCP', port: 9090, appProtocol: undefined },
    ],
    endpoints: endpoints.map(
      ([address, ready]): Endpoint => ({
        ...{ address, ready, serving: ready, terminating: false },
        ...{ otherAddresses: undefined, nodeName: undefined, zone: undefined, hints: undefined },
        pod: undefined,
      }),
    ),
  }
}

/** Who is ready on a port, as the prober sees it. */
function readyOn(prober: Prober, slice: EndpointSlice, port: number, keepsAll = true): string[] {
  return prober
    .see('default/web', [slice], keepsAll)
    .filter(({ ports }) => ports.some((it) => it.port === port))
    .flatMap(({ endpoints }) => endpoints.flatMap(({ address, ready }) => (ready ? [address] : [])))
}

const nobody = () => false

function proberFor(targets: readonly Target[]): Prober {
  const prober = new Prober({ atOnce: 100 })
  prober.aim('default/web', targets, 0, nobody)
  return prober
}

/** Lets somebody answer so many times. */
function answer(prober: Prober, target: Target, passed: boolean, times: number): boolean[] {
  return Array.from({ length: times }, () => prober.answered(target, passed, 0))
}

const [a, b] = [targetOf('10.244.0.1'), targetOf('10.244.0.2')]
const slice = sliceOf([
  ['10.244.0.1', true],
  ['10.244.0.2', true],
])

describe('a back end that is asked', () => {
  test('fails after as many answers in a row as its threshold says, and passes again', () => {
    const prober = proberFor([a, b])
    expect(answer(prober, a, false, 2)).toEqual([false, false])
    expect(answer(prober, a, true, 1)).toEqual([false])
    expect(answer(prober, a, false, 3)).toEqual([false, false, true])
    expect(readyOn(prober, slice, 8080)).toEqual(['10.244.0.2'])
    expect([prober.passing, prober.failing]).toEqual([1, 1])
    expect(answer(prober, a, true, 1)).toEqual([true])
    expect(readyOn(prober, slice, 8080)).toEqual(['10.244.0.1', '10.244.0.2'])
  })

  test('fails on the port alone that it is asked on', () => {
    const prober = proberFor([a, b])
    answer(prober, a, false, 3)
    expect(readyOn(prober, slice, 9090)).toEqual(['10.244.0.1', '10.244.0.2'])
  })

  test('fails on all ports where its pod is asked', () => {
    const whole = targetOf('10.244.0.1', { port: undefined })
    const prober = proberFor([whole, b])
    answer(prober, whole, false, 3)
    expect(readyOn(prober, slice, 9090)).toEqual(['10.244.0.2'])
  })

  test('is kept where all fail, unless nobody is to be kept', () => {
    const prober = proberFor([a, b])
    for (const target of [a, b]) answer(prober, target, false, 3)
    expect(readyOn(prober, slice, 8080)).toEqual(['10.244.0.1', '10.244.0.2'])
    expect(readyOn(prober, slice, 8080, false)).toEqual([])
  })

  test('is not kept where it never passed', () => {
    const fresh = targetOf('10.244.0.1', { ready: false })
    const prober = proberFor([fresh, b])
    answer(prober, b, false, 3)
    const written = sliceOf([
      ['10.244.0.1', false],
      ['10.244.0.2', true],
    ])
    expect(readyOn(prober, written, 8080)).toEqual(['10.244.0.2'])
  })

  test('takes part from the beginning where it took part before', () => {
    const prober = new Prober({ atOnce: 1 })
    prober.aim('default/web', [targetOf('10.244.0.1', { ready: false })], 0, () => true)
    expect(readyOn(prober, sliceOf([['10.244.0.1', false]]), 8080)).toEqual(['10.244.0.1'])
  })

  test('stays what it was while others come and go', () => {
    const prober = proberFor([a])
    answer(prober, a, false, 3)
    prober.aim('default/web', [targetOf('10.244.0.1'), b], 0, nobody)
    expect(readyOn(prober, slice, 8080)).toEqual(['10.244.0.2'])
    prober.aim('default/web', [], 0, nobody)
    expect(readyOn(prober, slice, 8080)).toEqual(['10.244.0.1', '10.244.0.2'])
    expect([prober.passing, prober.failing]).toEqual([0, 0])
  })

  test('begins at a moment of its own within its period, and not before its grace', () => {
    const timing = { ...usualTiming, initialDelay: 5000 }
    const many = Array.from({ length: 1000 }, (_, i) =>
      targetOf(`10.0.${i >> 8}.${i & 255}`, { timing }),
    )
    const prober = new Prober({ atOnce: 10_000 })
    prober.aim('default/web', many, 0, nobody)
    expect(prober.due(4999)).toEqual([])
    expect(prober.due(10_000).length).toBeGreaterThan(400)
    expect(prober.due(15_000).length).toBeGreaterThan(400)
    expect(prober.due(99_999)).toEqual([])
  })

  test('waits while as many are asked as may be', () => {
    const prober = new Prober({ atOnce: 1 })
    prober.aim('default/web', [a, b], 0, nobody)
    const [first] = prober.due(20_000)
    expect(prober.due(20_000)).toEqual([])
    expect(prober.next).toBe(undefined)
    if (first !== undefined) prober.answered(first, true, 20_000)
    expect(prober.due(20_000)).toHaveLength(1)
  })
})

describe('the probes of a pod', () => {
  const container = { name: 'web', path: ['containers', 0] as const, sidecar: false }
  const ports = [
    { name: 'http', protocol: 'TCP', containerPort: 8080, hostPort: undefined, hostIP: undefined },
  ]
  test.each([
    ['an HTTP GET', { httpGet: { path: '/ok', port: 'http' } }, ['http', 8080, '/ok']],
    ['HTTPS', { httpGet: { port: 8443, scheme: 'HTTPS' } }, ['https', 8443, '/']],
    ['a connection', { tcpSocket: { port: 5432 } }, ['tcp', 5432, '/']],
    ['gRPC, by its connection', { grpc: { port: 9000 } }, ['tcp', 9000, '/']],
    ['no command', { exec: { command: ['rm', '-rf', '/'] } }, undefined],
    ['nothing by the name of a port that there is not', { tcpSocket: { port: 'db' } }, undefined],
  ])('are %s', (_, readinessProbe, expected) => {
    const probes = probesOf({
      hostNetwork: false,
      containers: [{ ...container, ports, readinessProbe }],
    })
    const seen = probes.map(({ check: { kind, port, path } }) => [kind, port, path])
    expect(seen).toEqual(expected === undefined ? [] : [expected])
  })

  test('come as often and count as much as they say', () => {
    const readinessProbe = {
      ...{ tcpSocket: { port: 1 }, initialDelaySeconds: 3, periodSeconds: 5, timeoutSeconds: 2 },
      ...{ successThreshold: 4, failureThreshold: 6 },
    }
    const [probe] = probesOf({
      hostNetwork: false,
      containers: [{ ...container, ports, readinessProbe }],
    })
    expect(probe?.timing).toEqual({
      ...{ initialDelay: 3000, period: 5000, timeout: 2000 },
      ...{ successThreshold: 4, failureThreshold: 6 },
    })
  })
})

test('what is due comes out in order, and nothing before its time', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50)), fc.nat(50), (times, now) => {
      const queue = new DueQueue<number>()
      for (const at of times) queue.push(at, at)
      const out: number[] = []
      for (let next = queue.pop(now); next !== undefined; next = queue.pop(now)) out.push(next)
      expect(out).toEqual(times.filter((at) => at <= now).sort((x, y) => x - y))
    }),
  )
})
