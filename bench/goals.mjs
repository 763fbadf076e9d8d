// What is promised about speed. Each is a ratio within one run: `most` of ours to theirs, `least` of
// theirs to ours. The 42 MB of YAML are 10,000 Services and 10,000 EndpointSlices with 10 endpoints
// each; the 55,000 rules are 5,000 virtual servers with 10 real servers each.

export const goals = {
  'start-version': {
    what: 'nodeport version',
    beside: 'an empty script',
    most: 1.3,
    unit: 's',
  },
  'start-dry-run': {
    what: 'nodeport apply --dry-run of one manifest',
    beside: 'an empty script',
    most: 1.6,
    unit: 's',
  },
  check: { what: 'check 42 MB of YAML', beside: "js-yaml's loadAll", most: 0.8, unit: 's' },
  compile: {
    what: 'compile and list 42 MB of YAML',
    beside: "js-yaml's loadAll",
    most: 0.8,
    unit: 's',
  },
  'check-memory': {
    what: 'check, memory at most',
    beside: "js-yaml's loadAll",
    most: 1,
    unit: 'MB',
  },
  'compile-memory': {
    what: 'compile, memory at most',
    beside: "js-yaml's loadAll",
    most: 1,
    unit: 'MB',
  },
  'check-kubectl': {
    what: 'check',
    beside: 'kubectl create --dry-run=client',
    least: 5,
    unit: 's',
  },
  'compile-json': {
    what: 'compile and list 99 MB of JSON',
    beside: 'JSON.parse',
    most: 2,
    unit: 's',
  },
  memory: {
    what: 'compile 50,000 Services x 20, memory at most',
    beside: '1 GB',
    most: 1,
    unit: 'MB',
  },
  'load-rules': { what: 'load 55,000 rules', beside: 'ipvsadm -R', least: 20, unit: 's' },
  'load-manifests': {
    what: 'load the same from manifests in JSON',
    beside: 'ipvsadm -R',
    least: 5,
    unit: 's',
  },
  send: { what: 'the sending alone', beside: 'C, 60 kB a send', most: 3, unit: 's' },
  list: { what: 'list of that table', beside: 'ipvsadm -Ln', least: 2.2, unit: 's' },
  roll: {
    what: 'one real server of each of 5,000 replaced, from rules',
    beside: 'ipvsadm-restore',
    least: 20,
    unit: 's',
  },
  'roll-manifests': {
    what: 'the same from manifests in JSON',
    beside: 'ipvsadm-restore',
    least: 20,
    unit: 's',
  },
  'no-change': {
    what: 'apply without a change',
    beside: 'apply --dry-run, and list',
    most: 1.1,
    unit: 's',
  },
  'one-change': {
    what: 'apply with one endpoint changed',
    beside: 'apply without a change',
    most: 1.05,
    unit: 's',
  },
}
