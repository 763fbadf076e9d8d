import { expect, test } from '@jest/globals'
import { chainsFor, printChains, printChainsAway, readChains } from '../../src/terrain/iptables.ts'
import { emptySets } from '../../src/terrain/sets.ts'

const sets = emptySets()
sets.servers4.set('10.96.0.1 . tcp . 80', 'goto clusterip')
sets.servers4.set('192.0.2.1 . udp . 30053', 'goto local')
sets.servers6.set('fd00:96::1 . tcp . 80', 'goto cluster')
sets.pods4.set('10.244.0.0/16', '')
sets.guarded4.set('10.96.0.1', '')
sets.open4.set('10.96.0.1 . tcp . 80', '')
sets.fenced4.set('198.51.100.7 . tcp . 80', '')
sets.allowed4.set('198.51.100.7 . tcp . 80 . 10.0.0.0/8', '')
const segments = [{ interface: 'cni0', blocks: ['10.244.1.0/24', 'fd00:244:1::/64'] }]

test('the rules of an older firewall say the same, one by one', () => {
  expect(chainsFor('iptables', sets, segments)).toMatchObject({
    nat: [
      '-A NODEPORT -p tcp -m conntrack --ctorigdst 10.96.0.1 --ctorigdstport 80 -g NODEPORT-CLUSTERIP',
      '-A NODEPORT -p udp -m conntrack --ctorigdst 192.0.2.1 --ctorigdstport 30053 -g NODEPORT-LOCAL',
      '-A NODEPORT-CLUSTER -j MASQUERADE',
      '-A NODEPORT-CLUSTERIP -s 10.244.1.0/24 -o cni0 -j MASQUERADE',
      '-A NODEPORT-CLUSTERIP -s 10.244.0.0/16 -j RETURN',
      '-A NODEPORT-CLUSTERIP -j MASQUERADE',
      '-A NODEPORT-LOCAL -s 10.244.1.0/24 -o cni0 -j MASQUERADE',
    ],
    filter: [
      '-A NODEPORT-FENCE -d 198.51.100.7 -p tcp -m tcp --dport 80 -s 10.0.0.0/8 -j RETURN',
      '-A NODEPORT-FENCE -d 198.51.100.7 -p tcp -m tcp --dport 80 -j DROP',
      '-A NODEPORT-GUARD -m conntrack ! --ctstate NEW -j RETURN',
      '-A NODEPORT-GUARD -j NODEPORT-FENCE',
      '-A NODEPORT-GUARD -d 10.96.0.1 -p tcp -m tcp --dport 80 -j RETURN',
      '-A NODEPORT-GUARD -d 10.96.0.1 -p tcp -j REJECT',
      '-A NODEPORT-GUARD -d 10.96.0.1 -p udp -j REJECT',
      '-A NODEPORT-GUARD -d 10.96.0.1 -p sctp -j REJECT',
    ],
  })
})

test('they are found again by a comment, and hooked in once', () => {
  const chains = chainsFor('ip6tables', sets, segments)
  const first = printChains(chains, { digest: undefined, hooks: [] })
  expect(first).toContain('-A POSTROUTING -j NODEPORT\n')
  const saved = first.replaceAll(/^(\*nat|\*filter)$/gm, '# Generated\n$1')
  expect(readChains(saved)).toEqual({ digest: chains.digest, hooks: ['nat', 'filter'] })
  expect(printChains(chains, readChains(saved))).not.toContain('-A POSTROUTING')
})

test('they go with what led to them', () => {
  const away = printChainsAway({ digest: 'nodeport 1', hooks: ['nat'] })
  expect(away).toContain('-D POSTROUTING -j NODEPORT\n')
  expect(away).not.toContain('-D INPUT')
  expect(away.match(/^-X /gm)).toHaveLength(6)
})
