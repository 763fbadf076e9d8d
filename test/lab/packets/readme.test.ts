import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect, test } from '@jest/globals'
import { inPacketLab } from '../lab.ts'

// What the README promises of two minutes is typed in the lab, on a machine that has nothing but an
// address.

inPacketLab('the README', (lab) => {
  test('leads from YAML to an answer', async () => {
    const session = /^```lab\n(.*?)^```$/ms.exec(readFileSync('README.md', 'utf8'))?.[1] ?? ''
    const machine = await lab.namespace()
    const env = {
      XDG_STATE_HOME: `/tmp/${machine.name}`,
      PATH: `/run/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:${dirname(process.execPath)}`,
    }
    const address =
      'ip link add eth0 type dummy && ip address add 192.168.10.10/24 dev eth0 && ip link set eth0 up'
    await machine.run(['sh', '-c', address])
    // Others in this kernel may have loaded what makes bridges ask the firewall.
    const bridges = 'echo 0 >/proc/sys/net/bridge/bridge-nf-call-iptables'
    await machine.run(['sh', '-c', `modprobe br_netfilter && ${bridges}`])
    let seen = ''
    for (const line of session.split('\n').filter((typed) => typed.startsWith('# '))) {
      const quiet = line.slice(2).replace(/^curl /, 'curl -s ')
      const { stdout, stderr } = await machine.run(['sh', '-c', quiet], { env })
      seen += `${line}\n${stdout}${stderr}`
    }
    expect(seen).toBe(session)
  })
})
