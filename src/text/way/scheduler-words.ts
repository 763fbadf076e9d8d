import { Flag, type VirtualServer } from '../../table/virtual-server.ts'

const words: Readonly<Record<string, string>> = {
  rr: 'each in turn',
  wrr: 'each in turn, the heavier ones more often',
  lc: 'the one with the fewest connections',
  wlc: 'the one with the fewest connections for its weight',
  lblc: 'the same one for each address that is asked for, unless it has too much to do',
  lblcr: 'one of a few for each address that is asked for, more of them as they get busy',
  dh: 'by a hash of the address that is asked for',
  sh: "by a hash of the client's address",
  sed: 'the one that has the least to wait for: connections and one more, for its weight',
  nq: 'an idle one, or else the one that has the least to wait for',
  fo: 'the heaviest one, and the next only when that is gone',
  ovf: 'the heaviest one, until it has as many connections as its weight says',
  mh: "by a hash of the client's address, which moves few clients when a real server comes or goes",
  twos: 'the less busy one of two that are drawn at random',
}

/** How a real server is chosen: `sh: by a hash of the client's address and port`. */
export function describeScheduler({ scheduler, flags }: VirtualServer): string {
  const said = words[scheduler] ?? 'in a way that nodeport does not know'
  const withPort = (flags & Flag.scheduler2) !== 0 && hashes.has(scheduler)
  const fallsBack = (flags & Flag.scheduler1) !== 0 && hashes.has(scheduler)
  const how = withPort ? said.replace('address', 'address and port') : said
  return `${scheduler}: ${how}${fallsBack ? '; another where that one takes no connections' : ''}`
}

const hashes: ReadonlySet<string> = new Set(['sh', 'mh'])
