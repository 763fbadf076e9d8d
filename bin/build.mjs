// Builds dist/nodeport.cjs: one file, in which all that is imported only where it is needed stays a
// function that nobody has called. esbuild can part modules so, but into files of their own, and to
// open many files takes longer than most verbs run.

import { mkdirSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { build, transform } from 'esbuild'

const common = { platform: 'node', target: 'node20', logLevel: 'warning', legalComments: 'none' }

const { outputFiles } = await build({
  ...common,
  entryPoints: { main: 'src/command/main.ts' },
  bundle: true,
  splitting: true,
  format: 'esm',
  outdir: 'dist',
  external: ['netlink'],
  loader: { '.md': 'text' },
  write: false,
})
const parts = outputFiles.map(async ({ path, text }) => {
  const supported = { 'dynamic-import': false }
  const { code } = await transform(text, {
    ...common,
    format: 'cjs',
    minifyWhitespace: true,
    supported,
  })
  return `${JSON.stringify(`./${basename(path)}`)}:function(require,exports,module){${code}}`
})

mkdirSync('dist', { recursive: true })
writeFileSync(
  'dist/nodeport.cjs',
  `const parts={${(await Promise.all(parts)).join(',\n')}};
const loaded={};
function load(name){
if(parts[name]===undefined)return require(name);
if(loaded[name]===undefined){
const module=loaded[name]={exports:{}};
parts[name](load,module.exports,module);}
return loaded[name].exports;}
module.exports=load("./main.js");
`,
)
