import {
  type Chain,
  proxyChainsIn,
  proxyInterface,
  proxySetsIn,
  type Remains,
} from '../terrain/remains.ts'
import { managersHere } from './examine.ts'
import { readWhole } from './files.ts'
import { runProgram } from './programs.ts'
import { openRouteLine } from './route-line.ts'

/** What a kube-proxy has put into this network namespace, besides its table. */
export async function readRemains(): Promise<Remains> {
  const line = await openRouteLine()
  try {
    const link = (await line.links()).find(({ name }) => name === proxyInterface)
    const own = link === undefined ? [] : await line.addresses()
    const onIt = own.filter(({ index, address }) => {
      return index === link?.index && !address.startsWith('fe80:')
    })
    return {
      isRunning: managersHere().includes('kube-proxy'),
      addresses: link && onIt.map(({ address }) => address),
      chains: [
        ...chainsOf('iptables', 'ip_tables_names'),
        ...chainsOf('ip6tables', 'ip6_tables_names'),
      ],
      sets: setsHere(),
    }
  } finally {
    line.close()
  }
}

/** Old tables are asked for only where there are some, since asking would make them. */
function chainsOf(by: string, names: string): readonly Chain[] {
  const hasOld = (readWhole(`/proc/net/${names}`) ?? '') !== ''
  const programs = [...(hasOld ? [`${by}-legacy`] : []), `${by}-nft`]
  return programs.flatMap((program) => {
    const { code, stdout } = runProgram(`${program}-save`, [])
    return code === 0 ? proxyChainsIn(stdout, program) : []
  })
}

function setsHere(): readonly string[] {
  const { code, stdout } = runProgram('ipset', ['list', '-n'])
  return code === 0 ? proxySetsIn(stdout) : []
}
