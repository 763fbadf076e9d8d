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
  const { code } = await transform(withNames(text), {
    ...common,
    format: 'cjs',
    minifyWhitespace: true,
    supported,
  })
  return `${JSON.stringify(`./${basename(path)}`)}:function(require,give){${code}}`
})

mkdirSync('dist', { recursive: true })
writeFileSync(
  'dist/nodeport.cjs',
  `const parts={${(await Promise.all(parts)).join(',\n')}};
const loaded={};
function load(name){
if(parts[name]===undefined)return require(name);
if(loaded[name]===undefined){
const given=loaded[name]={};
parts[name](load,(names)=>Object.assign(given,names));}
return loaded[name];}
module.exports=load("./main.js");
`,
)

/**
 * What one part has of another gets a name of its own there. esbuild's own way looks it up each time,
 * which makes reading half as fast again; it needs to where parts import each other, and ours do not.
 */
function withNames(text) {
  return text
    .replaceAll(/^import \{([^}]*)\} from ("\.\/[^"]*");$/gm, (_, names, path) => {
      return `const {${names.replaceAll(' as ', ': ')}} = require(${path});`
    })
    .replaceAll(/^export \{([^}]*)\};$/gm, (_, names) => {
      return `give({${names.replaceAll(/(\S+) as ([^\s,]+)/g, '$2: $1')}});`
    })
}
