import { expect, test } from '@jest/globals'
import type { VirtualServer } from '../../src/table/virtual-server.ts'
import { inLab } from './lab.ts'

inLab('the kernel', (lab) => {
  test('runs the built program', async () => {
    const { code, stdout } = await lab.nodeport(['version'])
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('nodeport 0.1.0') })
  })

  test('takes what we send', async () => {
    const namespace = await lab.namespace()
    const performed = await namespace.inside(
      async ({ openKernel, changesBetween }, table) => {
        const kernel = await openKernel()
        return kernel.perform(changesBetween([], table))
      },
      [web],
    )
    expect(performed).toEqual({ tried: 2, refusals: [] })
    expect(await namespace.ipvsadm(['-Sn'])).toBe(
      '-A -t 10.96.0.1:80 -s rr\n-a -t 10.96.0.1:80 -r 10.244.0.5:8080 -m -w 1\n',
    )
  })
})

const web = {
  family: 'IPv4',
  protocol: 6,
  address: '10.96.0.1',
  port: 80,
  fwmark: 0,
  scheduler: 'rr',
  flags: 0,
  timeout: 0,
  netmask: 0xffffffff,
  engine: undefined,
  realServers: [
    {
      address: '10.244.0.5',
      port: 8080,
      forwarding: 0,
      weight: 1,
      upperThreshold: 0,
      lowerThreshold: 0,
      tunnel: undefined,
    },
  ],
} as unknown as VirtualServer
