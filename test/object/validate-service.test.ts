import { describe, expect, test } from '@jest/globals'
import { errorsIn, pointedAt, read, service } from '../support/objects.ts'

const range = 'must be between 1 and 65535, inclusive'
const notAnIP = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'
const notACIDR = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'
const label =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
const subdomain =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
const keyName =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
const labelValue =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
const onlyForBalancers = "Forbidden: may only be used when `type` is 'LoadBalancer'"
const none: string[] = []

describe('the API server says of a spec', () => {
  test.each<[string, string, string[]]>([
    [
      'a port that says nothing',
      '{type: NodePort, ports: [{}]}',
      [
        `spec.ports[0].port: Invalid value: 0: ${range}`,
        `spec.ports[0].targetPort: Invalid value: 0: ${range}`,
      ],
    ],
    [
      'a target port in quotes',
      '{ports: [{port: 80, targetPort: "80"}]}',
      ['spec.ports[0].targetPort: Invalid value: "80": must contain at least one letter (a-z)'],
    ],
    [
      'a target port with two hyphens',
      '{ports: [{port: 80, targetPort: web--server}]}',
      [
        'spec.ports[0].targetPort: Invalid value: "web--server": must not contain consecutive hyphens',
      ],
    ],
    [
      'a target port with every fault a name can have',
      '{ports: [{port: 80, targetPort: -0--0000000000000_}]}',
      [
        'must be no more than 15 characters',
        'must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
        'must contain at least one letter (a-z)',
        'must not contain consecutive hyphens',
        'must not begin or end with a hyphen',
      ].map((text) => `spec.ports[0].targetPort: Invalid value: "-0--0000000000000_": ${text}`),
    ],
    [
      'two ports without names',
      '{ports: [{port: 80}, {port: 81}]}',
      ['spec.ports[0].name: Required value', 'spec.ports[1].name: Required value'],
    ],
    [
      'a port name given twice',
      '{ports: [{name: p, port: 80}, {name: p, port: 81}]}',
      ['spec.ports[1].name: Duplicate value: "p"'],
    ],
    [
      'a port name with a capital',
      '{ports: [{name: Web, port: 80}]}',
      [`spec.ports[0].name: Invalid value: "Web": ${label}`],
    ],
    [
      'a protocol in small letters',
      '{ports: [{port: 80, protocol: tcp}]}',
      ['spec.ports[0].protocol: Unsupported value: "tcp": supported values: "SCTP", "TCP", "UDP"'],
    ],
    [
      'a port number given twice',
      '{ports: [{name: p, port: 12345}, {name: q, port: 12345}]}',
      [
        'spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":12345,"TargetPort":0,"NodePort":0}',
      ],
    ],
    [
      'a port number given once a protocol',
      '{ports: [{name: p, port: 12345}, {name: q, port: 12345, protocol: UDP}, {name: r, port: 12345, protocol: SCTP}]}',
      none,
    ],
    [
      'an application protocol that is no name',
      '{ports: [{port: 80, appProtocol: "a b"}]}',
      [`spec.ports[0].appProtocol: Invalid value: "a b": name part ${keyName}`],
    ],
    [
      'an empty application protocol',
      '{ports: [{port: 80, appProtocol: ""}]}',
      [
        'spec.ports[0].appProtocol: Invalid value: "": name part must be non-empty',
        `spec.ports[0].appProtocol: Invalid value: "": name part ${keyName}`,
      ],
    ],
    [
      'an affinity of a day',
      '{ports: [{port: 80}], sessionAffinity: ClientIP, sessionAffinityConfig: {clientIP: {timeoutSeconds: 86400}}}',
      none,
    ],
    [
      'an affinity longer than a day',
      '{ports: [{port: 80}], sessionAffinity: ClientIP, sessionAffinityConfig: {clientIP: {timeoutSeconds: 86401}}}',
      [
        'spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 86401: must be greater than 0 and less than 86400',
      ],
    ],
    [
      'an affinity of no time',
      '{ports: [{port: 80}], sessionAffinity: ClientIP, sessionAffinityConfig: {clientIP: {timeoutSeconds: 0}}}',
      [
        'spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 0: must be greater than 0 and less than 86400',
      ],
    ],
    [
      'the settings of an affinity that there is not',
      '{ports: [{port: 80}], sessionAffinity: None, sessionAffinityConfig: {clientIP: {timeoutSeconds: 5}}}',
      none,
    ],
    [
      'an unknown affinity',
      '{ports: [{port: 80}], sessionAffinity: Cookie}',
      ['spec.sessionAffinity: Unsupported value: "Cookie": supported values: "ClientIP", "None"'],
    ],
    [
      'external IPs that no packet reaches',
      '{ports: [{port: 80}], externalIPs: [127.0.0.1, 0.0.0.0, 169.254.0.1, 224.0.0.5, "::", "ff02::1", "fe80::1"]}',
      [
        'spec.externalIPs[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
        'spec.externalIPs[1]: Invalid value: "0.0.0.0": may not be unspecified (0.0.0.0)',
        'spec.externalIPs[2]: Invalid value: "169.254.0.1": may not be in the link-local range (169.254.0.0/16, fe80::/10)',
        'spec.externalIPs[3]: Invalid value: "224.0.0.5": may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)',
        'spec.externalIPs[4]: Invalid value: "::": may not be unspecified (::)',
        'spec.externalIPs[5]: Invalid value: "ff02::1": may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)',
        'spec.externalIPs[6]: Invalid value: "fe80::1": may not be in the link-local range (169.254.0.0/16, fe80::/10)',
      ],
    ],
    [
      'external IPs that are written wrongly',
      '{ports: [{port: 80}], externalIPs: [myhost.mydomain, 001.002.003.004, "::ffff:1.2.3.4", null]}',
      [
        `spec.externalIPs[0]: Invalid value: "myhost.mydomain": ${notAnIP}`,
        'spec.externalIPs[1]: Invalid value: "001.002.003.004": must not have leading 0s',
        'spec.externalIPs[2]: Invalid value: "::ffff:1.2.3.4": must not be an IPv4-mapped IPv6 address',
        `spec.externalIPs[3]: Invalid value: "": ${notAnIP}`,
      ],
    ],
    [
      'source ranges with blanks around them',
      '{type: LoadBalancer, ports: [{port: 80}], loadBalancerSourceRanges: ["1.2.3.0/24  ", " 5.6.0.0/16"]}',
      none,
    ],
    ...['   ', 'foo.bar', '1.2.3.4/33'].map((text): [string, string, string[]] => [
      `the source range "${text}"`,
      `{type: LoadBalancer, ports: [{port: 80}], loadBalancerSourceRanges: ["${text}"]}`,
      [`spec.LoadBalancerSourceRanges[0]: Invalid value: "${text.trim()}": ${notACIDR}`],
    ]),
    [
      'source ranges that are written wrongly',
      '{type: LoadBalancer, ports: [{port: 80}], loadBalancerSourceRanges: [10.1.2.3/8, 010.0.0.0/8, "::ffff:10.0.0.0/104"]}',
      [
        'spec.LoadBalancerSourceRanges[0]: Invalid value: "10.1.2.3/8": must not have bits set beyond the prefix length',
        'spec.LoadBalancerSourceRanges[1]: Invalid value: "010.0.0.0/8": must not have leading 0s in IP or prefix length',
        'spec.LoadBalancerSourceRanges[2]: Invalid value: "::ffff:10.0.0.0/104": must not have an IPv4-mapped IPv6 address',
      ],
    ],
    [
      'source ranges where nothing balances',
      '{ports: [{port: 80}], loadBalancerSourceRanges: [10.0.0.0/8]}',
      [`spec.LoadBalancerSourceRanges: ${onlyForBalancers}`],
    ],
    [
      'an external name with a dot at its end',
      '{type: ExternalName, externalName: foo.bar.example.com.}',
      none,
    ],
    [
      'an external name that is none',
      '{type: ExternalName, externalName: "-123"}',
      [`spec.externalName: Invalid value: "-123": ${subdomain}`],
    ],
    ['no external name', '{type: ExternalName}', ['spec.externalName: Required value']],
    [
      'an external name with an address',
      '{type: ExternalName, externalName: a.b, clusterIP: 10.96.0.5}',
      ['spec.clusterIPs: Forbidden: may not be set for ExternalName services'],
    ],
    [
      'an external name with everything that it cannot have',
      '{type: ExternalName, externalName: a.b, clusterIP: None, ipFamilies: [IPv4], ipFamilyPolicy: SingleStack}',
      ['clusterIPs', 'ipFamilies', 'ipFamilyPolicy'].map(
        (key) => `spec.${key}: Forbidden: may not be set for ExternalName services`,
      ),
    ],
    [
      'an external name with ports, a selector and an affinity',
      '{type: ExternalName, externalName: a.b, ports: [{port: 80, nodePort: 80}], selector: {a: b}, sessionAffinity: ClientIP}',
      none,
    ],
    ...['LoadBalancer', 'NodePort'].map((type): [string, string, string[]] => [
      `a headless ${type}`,
      `{type: ${type}, clusterIP: None, ports: [{port: 80}]}`,
      [`spec.clusterIPs[0]: Invalid value: "None": may not be set to 'None' for ${type} services`],
    ]),
    ['headless without ports', '{clusterIP: None}', none],
    ['no ports', '{}', ['spec.ports: Required value']],
    [
      'headless with another target port',
      '{clusterIP: None, ports: [{port: 11722, targetPort: 11721}]}',
      none,
    ],
    [
      'headless with a named target port',
      '{clusterIP: None, ports: [{port: 11722, targetPort: target}]}',
      none,
    ],
    [
      'two cluster IPs of one family',
      '{ports: [{port: 80}], clusterIP: 10.0.0.1, clusterIPs: [10.0.0.1, 10.0.0.2]}',
      [
        'spec.clusterIPs: Invalid value: ["10.0.0.1","10.0.0.2"]: may specify no more than one IP for each IP family',
      ],
    ],
    [
      'three cluster IPs',
      '{ports: [{port: 80}], clusterIP: 10.0.0.1, clusterIPs: [10.0.0.1, "2000::1", 10.0.0.2]}',
      [
        'spec.clusterIPs: Invalid value: ["10.0.0.1","2000::1","10.0.0.2"]: may only hold up to 2 values',
      ],
    ],
    [
      'None in the second place',
      '{ports: [{port: 80}], clusterIP: 10.0.0.1, clusterIPs: [10.0.0.1, None]}',
      [`spec.clusterIPs[1]: Invalid value: "None": ${notAnIP}`],
    ],
    [
      'None in company',
      '{ports: [{port: 80}], clusterIP: None, clusterIPs: [None, 10.0.0.1]}',
      [
        `spec.clusterIPs: Invalid value: ["None","10.0.0.1"]: 'None' must be the first and only value`,
      ],
    ],
    [
      'an empty cluster IP in the list',
      '{ports: [{port: 80}], clusterIPs: [""]}',
      [
        'spec.clusterIPs: Invalid value: [""]: must be empty when `clusterIP` is not specified',
        `spec.clusterIPs[0]: Invalid value: "": ${notAnIP}`,
      ],
    ],
    [
      'a cluster IP of another family than said',
      '{ports: [{port: 80}], ipFamilies: [IPv4], clusterIP: "2000::1"}',
      [
        'spec.clusterIPs[0]: Invalid value: "2000::1": expected an IPv4 value as indicated by `ipFamilies[0]`',
      ],
    ],
    [
      'a cluster IP of the older family than said',
      '{ports: [{port: 80}], ipFamilies: [IPv6], clusterIP: 10.0.0.1}',
      [
        'spec.clusterIPs[0]: Invalid value: "10.0.0.1": expected an IPv6 value as indicated by `ipFamilies[0]`',
      ],
    ],
    [
      'a family given twice',
      '{ports: [{port: 80}], ipFamilies: [IPv4, IPv4]}',
      ['spec.ipFamilies[1]: Duplicate value: "IPv4"'],
    ],
    [
      'an unknown family',
      '{ports: [{port: 80}], ipFamilies: [ipv4]}',
      ['spec.ipFamilies[0]: Unsupported value: "ipv4": supported values: "IPv4", "IPv6"'],
    ],
    [
      'an unknown policy for families',
      '{ports: [{port: 80}], ipFamilyPolicy: DualStack}',
      [
        'spec.ipFamilyPolicy: Unsupported value: "DualStack": supported values: "PreferDualStack", "RequireDualStack", "SingleStack"',
      ],
    ],
    [
      'clusterIPs without clusterIP',
      '{ports: [{port: 80}], clusterIPs: [10.96.0.5]}',
      [
        'spec.clusterIPs: Invalid value: ["10.96.0.5"]: must be empty when `clusterIP` is not specified',
      ],
    ],
    [
      'clusterIPs that contradict clusterIP',
      '{ports: [{port: 80}], clusterIP: 10.96.0.6, clusterIPs: [10.96.0.5]}',
      ['spec.clusterIPs: Invalid value: ["10.96.0.5"]: first value must match `clusterIP`'],
    ],
    [
      'a node port where there are none',
      '{ports: [{port: 80, nodePort: 30080}]}',
      ["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"],
    ],
    [
      'a node port given twice for one protocol and port',
      '{type: NodePort, ports: [{name: a, port: 80, nodePort: 30080}, {name: b, port: 80, nodePort: 30080}]}',
      [
        'spec.ports[1].nodePort: Duplicate value: 30080',
        'spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":80,"TargetPort":0,"NodePort":0}',
      ],
    ],
    [
      'a node port of two ports, which the pool refuses first',
      '{type: NodePort, ports: [{name: a, port: 80, nodePort: 30080}, {name: b, port: 443, nodePort: 30080}]}',
      none,
    ],
    [
      'a health check port of a NodePort',
      '{type: NodePort, ports: [{port: 80}], externalTrafficPolicy: Local, healthCheckNodePort: 34567}',
      [
        "spec.healthCheckNodePort: Invalid value: 34567: may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
      ],
    ],
    [
      'a ClusterIP with a policy for traffic from outside, and a health check port',
      '{ports: [{port: 80}], externalTrafficPolicy: Local, healthCheckNodePort: 34567}',
      [
        'spec.externalTrafficPolicy: Invalid value: "Local": may only be set for externally-accessible services',
        "spec.healthCheckNodePort: Invalid value: 34567: may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
      ],
    ],
    [
      'a ClusterIP with a policy and external IPs',
      '{ports: [{port: 80}], externalIPs: [1.2.3.4], externalTrafficPolicy: Local}',
      none,
    ],
    [
      'an unknown policy for traffic',
      '{type: NodePort, ports: [{port: 80}], externalTrafficPolicy: Node, internalTrafficPolicy: ""}',
      [
        'spec.externalTrafficPolicy: Unsupported value: "Node": supported values: "Cluster", "Local"',
        'spec.internalTrafficPolicy: Unsupported value: "": supported values: "Cluster", "Local"',
      ],
    ],
    [
      'the settings of a balancer where there is none',
      '{ports: [{port: 80}], allocateLoadBalancerNodePorts: false, loadBalancerClass: a/b}',
      [
        `spec.allocateLoadBalancerNodePorts: ${onlyForBalancers}`,
        `spec.loadBalancerClass: ${onlyForBalancers}`,
      ],
    ],
    [
      'a class of balancers that is no name',
      '{type: LoadBalancer, ports: [{port: 80}], loadBalancerClass: /b}',
      ['spec.loadBalancerClass: Invalid value: "/b": prefix part must be non-empty'],
    ],
    [
      'an unknown type',
      '{type: Nodeport, ports: [{port: 80}]}',
      [
        'spec.type: Unsupported value: "Nodeport": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
      ],
    ],
    [
      'an unknown distribution',
      '{ports: [{port: 80}], trafficDistribution: Close}',
      [
        'spec.trafficDistribution: Unsupported value: "Close": supported values: "PreferClose", "PreferSameZone", "PreferSameNode"',
      ],
    ],
    [
      'a selector that is none',
      '{ports: [{port: 80}], selector: {a b: c d}}',
      [
        `spec.selector: Invalid value: "a b": name part ${keyName}`,
        `spec.selector: Invalid value: "c d": ${labelValue}`,
      ],
    ],
    ['port 1 and port 65535', '{ports: [{name: a, port: 1}, {name: b, port: 65535}]}', none],
    [
      'ports out of range',
      '{ports: [{name: a, port: 65536, targetPort: 1}, {name: b, port: -1, targetPort: 70000}]}',
      [
        `spec.ports[0].port: Invalid value: 65536: ${range}`,
        `spec.ports[1].port: Invalid value: -1: ${range}`,
        `spec.ports[1].targetPort: Invalid value: 70000: ${range}`,
      ],
    ],
  ])('%s', (_, spec, errors) => {
    expect(errorsIn(service(spec))).toEqual(errors)
  })
})

describe('the API server says of metadata', () => {
  const long = 'a'.repeat(64)
  const rangesAnnotation = 'service.beta.kubernetes.io/load-balancer-source-ranges'
  test.each<[string, string, string[]]>([
    ['a name that begins with a digit', '{name: 1web}', none],
    [
      'a name with dots',
      '{name: my.svc}',
      ['metadata.name: Invalid value: "my.svc": must not contain dots'],
    ],
    ['a name with capitals', '{name: Web}', [`metadata.name: Invalid value: "Web": ${label}`]],
    ['no name', '{}', ['metadata.name: Required value: name or generateName is required']],
    [
      'a name that is too long',
      `{name: ${long}}`,
      [`metadata.name: Invalid value: "${long}": must be no more than 63 characters`],
    ],
    [
      'a name that shows nothing',
      '{name: "a\\eb"}',
      [`metadata.name: Invalid value: "a\\x1bb": ${label}`],
    ],
    [
      'a namespace with capitals',
      '{name: web, namespace: Team}',
      [`metadata.namespace: Invalid value: "Team": ${label}`],
    ],
    ['an empty namespace, which is the default one', '{name: web, namespace: ""}', none],
    [
      'keys of labels',
      `{name: web, labels: {"": a, "/a": b, "A.b/c": d, "a/b/c": e, "${long}": f, "-": g}}`,
      [
        'metadata.labels: Invalid value: "": name part must be non-empty',
        `metadata.labels: Invalid value: "": name part ${keyName}`,
        'metadata.labels: Invalid value: "/a": prefix part must be non-empty',
        `metadata.labels: Invalid value: "A.b/c": prefix part ${subdomain}`,
        `metadata.labels: Invalid value: "a/b/c": a valid label key ${keyName} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
        `metadata.labels: Invalid value: "${long}": name part must be no more than 63 bytes`,
        `metadata.labels: Invalid value: "-": name part ${keyName}`,
      ],
    ],
    [
      'values of labels',
      `{name: web, labels: {a: "b c", d: "${long}", e: ""}}`,
      [
        `metadata.labels: Invalid value: "b c": ${labelValue}`,
        `metadata.labels: Invalid value: "${long}": must be no more than 63 bytes`,
      ],
    ],
    [
      'two keys with one wrong value, once',
      '{name: web, labels: {a: "b c", d: "b c"}}',
      [`metadata.labels: Invalid value: "b c": ${labelValue}`],
    ],
    [
      'keys of annotations in capitals',
      '{name: web, annotations: {Example.com/Note: "Any Text!"}}',
      none,
    ],
    [
      'keys of annotations',
      '{name: web, annotations: {"a b": c}}',
      [`metadata.annotations: Invalid value: "a b": name part ${keyName}`],
    ],
    [
      'annotations beyond 256 KiB',
      `{name: web, annotations: {a: "${'ä'.repeat(131072)}"}}`,
      ['metadata.annotations: Too long: may not be more than 262144 bytes'],
    ],
    [
      'two annotations that contradict each other',
      '{name: web, annotations: {service.kubernetes.io/topology-mode: auto, service.kubernetes.io/topology-aware-hints: off-now}}',
      [
        'metadata.annotations[service.kubernetes.io/topology-mode]: Invalid value: "auto": must match annotations[service.kubernetes.io/topology-aware-hints] when both are specified',
      ],
    ],
    [
      'source ranges in an annotation, even none',
      `{name: web, annotations: {${rangesAnnotation}: ""}}`,
      [`metadata.annotations[${rangesAnnotation}]: ${onlyForBalancers}`],
    ],
    [
      'owners that are not named',
      '{name: web, ownerReferences: [{apiVersion: apps/}]}',
      [
        'metadata.ownerReferences.apiVersion: Invalid value: "apps/": version must not be empty',
        'metadata.ownerReferences.kind: Invalid value: "": must not be empty',
        'metadata.ownerReferences.name: Invalid value: "": must not be empty',
        'metadata.ownerReferences.uid: Invalid value: "": must not be empty',
      ],
    ],
    [
      'finalizers that are no names',
      '{name: web, finalizers: ["-"]}',
      [`metadata.finalizers: Invalid value: "-": name part ${keyName}`],
    ],
  ])('%s', (_, metadata, errors) => {
    expect(errorsIn(service('{ports: [{port: 80}]}', metadata))).toEqual(errors)
  })

  test('an annotation counts for nothing beside the field', () => {
    const metadata = `{name: web, annotations: {${rangesAnnotation}: foo}}`
    const spec = '{type: LoadBalancer, ports: [{port: 80}]'
    expect(errorsIn(service(`${spec}}`, metadata))).toEqual([
      `metadata.annotations[${rangesAnnotation}]: Invalid value: "foo": ${notACIDR}`,
    ])
    expect(errorsIn(service(`${spec}, loadBalancerSourceRanges: [1.2.3.0/24]}`, metadata))).toEqual(
      [],
    )
  })
})

describe('the API server says of the addresses of a balancer', () => {
  const path = 'status.loadBalancer.ingress'
  test.each<[string, string, string[]]>([
    ['LoadBalancer', '[{ip: 1.2.3.4}, {hostname: a.b}, {ip: 1.2.3.5, ipMode: Proxy}]', none],
    ['NodePort', '[]', none],
    [
      'NodePort',
      '[{ip: 1.2.3}]',
      [`${path}: Forbidden: may only be used when \`spec.type\` is 'LoadBalancer'`],
    ],
    [
      'LoadBalancer',
      '[{ip: 1.2.3}, {ip: 1.2.3.4, ipMode: vip}, {ipMode: VIP}]',
      [
        `${path}[0].ip: Invalid value: "1.2.3": ${notAnIP}`,
        `${path}[1].ipMode: Unsupported value: "vip": supported values: "Proxy", "VIP"`,
        `${path}[2].ipMode: Forbidden: may not be specified when \`ip\` is not set`,
      ],
    ],
    [
      'LoadBalancer',
      '[{hostname: A.b}, {hostname: 1.2.3.4}]',
      [
        `${path}[0].hostname: Invalid value: "A.b": ${subdomain}`,
        `${path}[1].hostname: Invalid value: "1.2.3.4": must be a DNS name, not an IP address`,
      ],
    ],
  ])('%s %s', (type, ingress, errors) => {
    const text = service(`{type: ${type}, ports: [{port: 80}]}`)
    expect(errorsIn(`${text}status: {loadBalancer: {ingress: ${ingress}}}\n`)).toEqual(errors)
  })
})

describe('a mistake is shown in its place', () => {
  test.each([
    ['{ports: [{port: 0, targetPort: 80}]}', '0'],
    ['{clusterIP: 10.96.0, ports: [{port: 80}]}', '10.96.0'],
    [
      '{type: LoadBalancer, ports: [{port: 80}], loadBalancerSourceRanges: [1.2.3.4/33]}',
      '1.2.3.4/33',
    ],
    ['{ports: [{port: 80}], selector: {a b: c}}', 'a b'],
    ['{ports: [{port: 80}], selector: {a: c d}}', 'c d'],
    ['{ports: [{port: 80, protocol: tcp}]}', 'tcp'],
  ])('%s', (spec, text) => {
    expect(read(service(spec)).found.map(pointedAt)).toEqual([text])
  })

  test('what stands twice is shown twice', () => {
    const spec = '{ports: [{name: p, port: 80}, {name: p, port: 81}]}'
    const [found] = read(service(spec)).found
    const [first] = found?.related ?? []
    expect(first?.label).toBe('first given here')
    expect(first?.at.span().start).toBeLessThan(found?.at?.span().start ?? 0)
    expect(found?.label).toBe('given again here')
  })
})

describe('where the remedy is clear, it is said', () => {
  test.each([
    ['{ports: [{port: 80, protocol: tcp}]}', 'did you mean "TCP"?'],
    ['{ports: [{port: 80, targetPort: "80"}]}', 'without quotes, 80 is the number of a port'],
    ['{ports: [{port: 80, nodePort: 30080}]}', 'set type: NodePort, or remove the nodePort'],
    ['{ports: [{port: 80}], externalIPs: [001.2.3.4]}', 'write "1.2.3.4"'],
    [
      '{type: LoadBalancer, ports: [{port: 80}], loadBalancerSourceRanges: [1.2.3.4]}',
      'write "1.2.3.4/32"',
    ],
    ['{ports: [{port: 80}], clusterIPs: [10.96.0.5]}', 'write clusterIP: 10.96.0.5 as well'],
    ['{ports: [{name: My_Port, port: 80}]}', '"my-port" would do'],
  ])('%s', (spec, help) => {
    const errors = read(service(spec)).found.filter(({ severity }) => severity === 'error')
    expect(errors.map((error) => error.help)).toEqual([help])
  })
})
