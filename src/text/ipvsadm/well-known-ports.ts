// Names of ports that nearly every /etc/services has, as the IANA and Debian spell them.
const written = `
  ftp-data 20/tcp
  ftp 21/tcp
  ssh 22/tcp
  telnet 23/tcp
  smtp 25/tcp
  mail 25/tcp
  domain 53/tcp 53/udp
  tftp 69/udp
  http 80/tcp
  www 80/tcp
  kerberos 88/tcp 88/udp
  pop3 110/tcp
  ntp 123/udp
  imap 143/tcp
  imap2 143/tcp
  snmp 161/tcp 161/udp
  ldap 389/tcp 389/udp
  https 443/tcp 443/udp
  syslog 514/udp
  submission 587/tcp
  ldaps 636/tcp 636/udp
  imaps 993/tcp
  pop3s 995/tcp
  radius 1812/tcp 1812/udp
  radius-acct 1813/tcp 1813/udp
  nfs 2049/tcp 2049/udp
  mysql 3306/tcp
  diameter 3868/tcp 3868/sctp
  sip 5060/tcp 5060/udp
  sip-tls 5061/tcp 5061/udp
  postgresql 5432/tcp
  amqp 5672/tcp 5672/sctp
  redis 6379/tcp
  http-alt 8080/tcp
`

const ports: ReadonlyMap<string, number> = new Map(
  written
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [name = '', ...places] = line.trim().split(' ')
      return places.map((place): [string, number] => {
        const [port, protocol] = place.split('/')
        return [`${name}/${protocol}`, Number(port)]
      })
    }),
)

/** The port that goes by this name everywhere; a host may know more. */
export function wellKnownPort(name: string, protocol: string): number | undefined {
  return ports.get(`${name}/${protocol.toLowerCase()}`)
}
