// Builds a package for Debian, with dpkg-deb and no other tool: `npm run package:deb`.

import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'

const { version, description } = JSON.parse(readFileSync('package.json', 'utf8'))
const processors = { amd64: 'x64', arm64: 'arm64', armhf: 'arm', i386: 'ia32' }
const architecture = execFileSync('dpkg', ['--print-architecture'], { encoding: 'utf8' }).trim()
const processor = processors[architecture]
if (processor === undefined) throw new Error(`netlink is not compiled for ${architecture}`)

const root = 'dist/deb'
const library = 'usr/lib/nodeport'
rmSync(root, { recursive: true, force: true })

put('bin/nodeport.js', `${library}/bin/nodeport.js`, 0o755)
put('bin/package.json', `${library}/bin/package.json`)
for (const file of readdirSync('dist').filter((name) => /^nodeport\..*cjs$/.test(name))) {
  put(`dist/${file}`, `${library}/dist/${file}`)
}
put('package.json', `${library}/package.json`)
// Of the packages only what is loaded: the program has all others in it.
const netlink = 'node_modules/netlink'
for (const file of ['package.json', 'LICENSE', 'dist/raw.js']) {
  put(`${netlink}/${file}`, `${library}/${netlink}/${file}`)
}
const addon = `prebuilds/linux-${processor}/node.napi.node`
put(`${netlink}/${addon}`, `${library}/${netlink}/${addon}`)
for (const file of ['package.json', 'LICENSE', 'index.js', 'node-gyp-build.js']) {
  put(`node_modules/node-gyp-build/${file}`, `${library}/node_modules/node-gyp-build/${file}`)
}
mkdirSync(join(root, 'usr/bin'), { recursive: true })
symlinkSync('../lib/nodeport/bin/nodeport.js', join(root, 'usr/bin/nodeport'))

put('deploy/systemd/nodeport-agent.service', 'lib/systemd/system/nodeport-agent.service')
put('deploy/systemd/nodeport-restore.service', 'lib/systemd/system/nodeport-restore.service')
put(
  'deploy/systemd/nodeport-agent.service.d/fleet.conf',
  'usr/share/doc/nodeport/examples/nodeport-agent.service.d/fleet.conf',
)
put('deploy/systemd/sysusers.conf', 'usr/lib/sysusers.d/nodeport.conf')
put('deploy/systemd/tmpfiles.conf', 'usr/lib/tmpfiles.d/nodeport.conf')
put('deploy/systemd/modules-load.conf', 'usr/lib/modules-load.d/nodeport.conf')

const page = nodeport('man')
write('usr/share/man/man1/nodeport.1.gz', zip(page))
for (const [, verb] of page.matchAll(/^\.BR nodeport\\-(\w+) \(1\)/gm)) {
  write(`usr/share/man/man1/nodeport-${verb}.1.gz`, zip(nodeport('man', verb)))
}
write('usr/share/bash-completion/completions/nodeport', nodeport('completion', 'bash'))
write('usr/share/zsh/vendor-completions/_nodeport', nodeport('completion', 'zsh'))
write('usr/share/fish/vendor_completions.d/nodeport.fish', nodeport('completion', 'fish'))
write('usr/share/doc/nodeport/copyright', copyright())
write('usr/share/doc/nodeport/changelog.gz', zip(readFileSync('CHANGELOG.md')))

for (const script of ['postinst', 'prerm', 'postrm']) {
  put(`deploy/debian/${script}`, `DEBIAN/${script}`, 0o755)
}
write('DEBIAN/control', control())

const out = `dist/nodeport_${version}_${architecture}.deb`
execFileSync('dpkg-deb', ['--build', '--root-owner-group', root, out], { stdio: 'ignore' })
process.stdout.write(`${out}\n`)

function put(from, to, mode = 0o644) {
  const path = join(root, to)
  mkdirSync(dirname(path), { recursive: true })
  cpSync(from, path, { dereference: true })
  chmodSync(path, mode)
}

function write(to, content) {
  const path = join(root, to)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content, { mode: 0o644 })
}

function zip(content) {
  return gzipSync(content, { level: 9 })
}

function nodeport(...words) {
  return execFileSync(process.execPath, ['bin/nodeport.js', ...words], { encoding: 'utf8' })
}

function copyright() {
  const others = [netlink, 'node_modules/node-gyp-build'].map((folder) => {
    return `\n\n${folder.split('/').at(-1)}:\n\n${readFileSync(join(folder, 'LICENSE'), 'utf8')}`
  })
  return `nodeport is under the Apache License 2.0, which is in /usr/share/common-licenses.${others.join('')}`
}

function control() {
  const size = execFileSync('du', ['-sk', root], { encoding: 'utf8' }).split('\t')[0]
  return `Package: nodeport
Version: ${version}
Architecture: ${architecture}
Maintainer: The nodeport authors <nodeport@localhost>
Installed-Size: ${size}
Depends: nodejs (>= 20.19), libc6
Recommends: kmod, nftables, util-linux
Suggests: ipvsadm
Section: net
Priority: optional
Description: ${description}
 Kubernetes Service manifests go in, IPVS rules come out: printed as ipvsadm
 prints them, or put into the kernel. An agent keeps the kernel as a folder of
 manifests says.
`
}
