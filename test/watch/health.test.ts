import { describe, expect, test } from '@jest/globals'
import { type Health, healthz, livez, readyz } from '../../src/watch/health.ts'
import { healthCheckReply } from '../../src/watch/health-check.ts'

function healthWith(parts: Partial<Health>): Health {
  return {
    ...{ pending: 0, isReady: true, broken: [], away: [] },
    updated: new Date('2026-01-01T12:00:00.250Z'),
    now: new Date('2026-01-01T12:00:01Z'),
    ...parts,
  }
}

describe('an agent that is asked how it is', () => {
  test('answers /healthz as kube-proxy does', () => {
    expect(healthz(healthWith({}), 30_000)).toEqual({
      status: 200,
      body: '{"lastUpdated": "2026-01-01 12:00:01.000 +0000 UTC","currentTime": "2026-01-01 12:00:01.000 +0000 UTC","nodeEligible": true}',
    })
  })

  test('is not well when something has been wanted for two comparisons', () => {
    expect(healthz(healthWith({ pending: 59_999 }), 30_000).status).toBe(200)
    const { status, body } = healthz(healthWith({ pending: 60_000 }), 30_000)
    expect(status).toBe(503)
    expect(JSON.parse(body).lastUpdated).toBe('2026-01-01 12:00:00.250 +0000 UTC')
  })

  test('says nothing of the node in /livez', () => {
    expect(Object.keys(JSON.parse(livez(healthWith({}), 30_000).body))).toEqual([
      'lastUpdated',
      'currentTime',
    ])
  })

  test.each([
    ['all is well', {}, 200, '[+]table ok\n[+]source ok\nreadyz check passed\n'],
    [
      'the table was never as it is wanted',
      { isReady: false },
      503,
      '[-]table failed: it was never as it is wanted\n[+]source ok\nreadyz check failed\n',
    ],
    [
      'a source is away',
      { away: ['/m'] },
      503,
      '[+]table ok\n[-]source failed: "/m" cannot be read\nreadyz check failed\n',
    ],
    [
      'a file has mistakes in it',
      { broken: ['/m/a.yaml'] },
      503,
      '[+]table ok\n[-]source failed: "/m/a.yaml" has mistakes in it\nreadyz check failed\n',
    ],
  ])('tells in /readyz when %s', (_, parts, status, body) => {
    expect(readyz(healthWith(parts))).toEqual({ status, body })
  })

  test('tells a balancer how many answer for a Service here, byte for byte as kube-proxy', () => {
    const check = { namespace: 'shop', name: 'web', port: 30100, localEndpoints: 2 }
    expect(healthCheckReply(check, true)).toEqual({
      status: 200,
      type: 'application/json',
      body: '{\n\t"service": {\n\t\t"namespace": "shop",\n\t\t"name": "web"\n\t},\n\t"localEndpoints": 2,\n\t"serviceProxyHealthy": true\n}',
      headers: { 'X-Content-Type-Options': 'nosniff', 'X-Load-Balancing-Endpoint-Weight': '2' },
    })
    expect(healthCheckReply(check, false).status).toBe(503)
    expect(healthCheckReply({ ...check, localEndpoints: 0 }, true).status).toBe(503)
  })
})
