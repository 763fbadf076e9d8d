import { expect, test } from '@jest/globals'
import { inLab, insideProgram } from './lab.ts'

inLab('the kernel', (lab) => {
  test('says which IPVS it is', async () => {
    const facts = await lab.inside(async ({ openKernel }) => {
      const kernel = await openKernel()
      const found = await kernel.readFacts()
      kernel.close()
      return found
    }, undefined)
    expect(facts).toEqual({ version: 0x010201, size: 4096 })
    expect(await lab.ipvsadm(['-Ln'])).toContain('version 1.2.1 (size=4096)')
  })

  test('takes timeouts, and leaves as it is what is 0', async () => {
    const namespace = await lab.namespace()
    const timeouts = await namespace.inside(async ({ openKernel }) => {
      const kernel = await openKernel()
      await kernel.setTimeouts({ tcp: 100, tcpFin: 0, udp: 50 })
      const found = await kernel.readTimeouts()
      kernel.close()
      return found
    }, undefined)
    expect(timeouts).toEqual({ tcp: 100, tcpFin: 120, udp: 50 })
    expect(await namespace.ipvsadm(['-Ln', '--timeout'])).toBe(
      'Timeout (tcp tcpfin udp): 100 120 50\n',
    )
  })

  test('starts and stops sync daemons', async () => {
    const namespace = await lab.namespace()
    await namespace.run(['sh', '-c', 'ip link add dummy0 type dummy && ip link set dummy0 up'])
    const daemons = await namespace.inside(async ({ openKernel, ipvsadm, troubleOf }) => {
      const kernel = await openKernel()
      const master = {
        state: 'master',
        interface: 'dummy0',
        syncId: 7,
        maxLength: 1400,
        group: undefined,
        port: 0,
        ttl: 2,
      } as const
      await kernel.startDaemon(master)
      await kernel.startDaemon({ ...master, state: 'backup', syncId: 8 })
      const again = await troubleOf(kernel.startDaemon(master))
      const found = await kernel.readDaemons()
      const text = ipvsadm(['-Ln', '--daemon'])
      await kernel.stopDaemon('master')
      await kernel.stopDaemon('backup')
      const left = await kernel.readDaemons()
      kernel.close()
      return { found, text, again, left }
    }, undefined)
    expect(daemons.found).toMatchObject([
      { state: 'master', syncId: 7, maxLength: 1400, group: '224.0.0.81', port: 8848, ttl: 2 },
      { state: 'backup', syncId: 8 },
    ])
    expect(daemons.text).toContain(
      'master sync daemon (mcast=dummy0, syncid=7, maxlen=1400, group=224.0.0.81, port=8848, ttl=2)',
    )
    expect(daemons.again).toContain('EEXIST')
    expect(daemons.left).toEqual([])
  })

  test('counts what passes, and begins again', async () => {
    const namespace = await lab.namespace()
    await namespace.ipvsadm(['-R'], {
      stdin: '-A -t 127.0.0.1:80 -s rr\n-a -t 127.0.0.1:80 -r 127.0.0.1:80 -m\n',
    })
    const found = await namespace.inside(async ({ openKernel, ipvsadm }) => {
      const { connect } = process.getBuiltinModule('net')
      const kernel = await openKernel()
      await new Promise<void>((resolve) => {
        connect(80, '127.0.0.1').once('error', () => resolve())
      })
      // The kernel shows its counters every two seconds.
      await new Promise((resolve) => setTimeout(resolve, 2500))
      const [server] = await kernel.readTable('counted')
      const text = ipvsadm(['-Ln', '--stats', '--exact'])
      const connections = kernel.connections()
      await kernel.zero(server)
      await kernel.zero()
      const [zeroed] = await kernel.readTable('counted')
      kernel.close()
      return {
        connections: server?.counters?.connections,
        packets: server?.realServers[0]?.counters?.inPackets,
        text,
        title: connections.split('\n')[0],
        zeroed: zeroed?.counters?.connections,
      }
    }, undefined)
    expect(found).toMatchObject({ connections: 1, zeroed: 0 })
    expect(found.text).toMatch(new RegExp(`127.0.0.1:80 +1 +${found.packets} `))
    expect(found.title).toMatch(/^Pro FromIP/)
  })

  test('is flushed', async () => {
    const namespace = await lab.namespace()
    await namespace.ipvsadm(['-A', '-t', '10.0.0.1:80'])
    await namespace.inside(async ({ openKernel }) => {
      const kernel = await openKernel()
      await kernel.flush()
      kernel.close()
    }, undefined)
    expect(await namespace.ipvsadm(['-Sn'])).toBe('')
  })

  test('is reached in another namespace by name, path or process', async () => {
    const namespace = await lab.namespace()
    const path = `/run/netns/${namespace.name}`
    const there = await namespace.run(['readlink', '/proc/self/ns/net'])
    const sleeper = namespace.run(['sh', '-c', 'echo $$ >/tmp/sleeper; exec sleep 30'])
    await new Promise((resolve) => setTimeout(resolve, 500))
    const { stdout: pid } = await lab.run(['cat', '/tmp/sleeper'])
    for (const wish of [namespace.name, path, pid.trim()]) {
      const { code, stdout } = await lab.run([process.execPath, insideProgram, 'enter', wish])
      expect({ wish, code, stdout }).toEqual({ wish, code: 0, stdout: there.stdout.trim() })
    }
    await lab.run(['kill', pid.trim()])
    await sleeper
  })

  test('is not reached in a namespace that is not there', async () => {
    const { stderr } = await lab.run([process.execPath, insideProgram, 'enter', 'nowhere'])
    expect(stderr).toContain('there is no network namespace "nowhere"')
  })
})
