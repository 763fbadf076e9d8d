import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { parseConnections, printConnections } from '../../../src/text/ipvsadm/connections.ts'

function read(file: string): string {
  return readFileSync(`fixtures/ipvsadm-odd/${file}`, 'utf8')
}

const connections = parseConnections(read('proc_net_ip_vs_conn.txt'))

test('odd connections are listed as ipvsadm lists them', () => {
  expect(printConnections(connections)).toBe(read('Lnc.txt'))
})

test('and with their persistence engines', () => {
  const text = printConnections(connections, { persistentConn: true })
  expect(text).toBe(read('Lnc-persistent-conn.txt'))
})

test.each([
  'half a line',
  'TCP 0A000001 E5F0 0A000002 0050 0A000003 0050 ESTABLISHED soon',
  'TCP here E5F0 0A000002 0050 0A000003 0050 ESTABLISHED 7',
  '',
])('%p is no connection', (line) => {
  expect(parseConnections(`the titles\n${line}\n`)).toEqual([])
})
