import { externalAddressTaken, keepsIt } from '../diagnostic/complaints.ts'
import type { Report } from '../diagnostic/diagnostic.ts'
import { type Claim, compareClaims, externalClaims, grantedClaims } from './external-claim.ts'
import type { Surveyed } from './surveyed.ts'

/** An external address and port are claimed once, and are not those of a cluster IP or a node port. */
export function externalAddressClaimedOnce(surveyed: Surveyed, report: Report): void {
  const claims = surveyed.cluster.services.flatMap(externalClaims)
  if (claims.length === 0) return
  const winners = winnersOf(claims, surveyed)
  const reported = new Set<string>()
  for (const claim of claims) {
    const winner = winners.get(claim.identity)
    if (winner === undefined || isSamePort(winner, claim)) continue
    // Two Services with an address in common may well have all their ports in common.
    const pair = `${claim.address} ${claim.service} ${winner.service}`
    if (reported.has(pair)) continue
    reported.add(pair)
    const said = externalAddressTaken(claim.identity, claim, winner)
    const related = winner.place === undefined ? [] : [{ at: winner.place, label: keepsIt(winner) }]
    report(said.at(claim.place, ...related))
  }
}

/** Who keeps each way in that is claimed. */
function winnersOf(claims: readonly Claim[], surveyed: Surveyed): ReadonlyMap<string, Claim> {
  const winners = new Map<string, Claim>()
  for (const claim of claims) {
    const { identity } = claim
    const holder = winners.get(identity)
    if (holder === undefined || compareClaims(claim, holder) < 0) winners.set(identity, claim)
  }
  const addresses = new Set(claims.map(({ address }) => address))
  const nodes = [...surveyed.nodeAddresses.keys()].filter((ip) => addresses.has(ip))
  for (const service of surveyed.granteds) {
    for (const grant of grantedClaims(service, (ip) => addresses.has(ip), nodes)) {
      const holder = winners.get(grant.identity)
      if (holder !== undefined && compareClaims(grant, holder) < 0) {
        winners.set(grant.identity, grant)
      }
    }
  }
  return winners
}

/** Naming one address twice is not at odds with itself. */
function isSamePort(a: Claim, b: Claim): boolean {
  return a.service === b.service && a.port === b.port
}
