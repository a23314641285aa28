// Builds what browsers load: scripts and styles under names that change with their content, one sprite of icons.
// Everything is written beside the package that serves it, compressed once and for all.
import { build } from 'esbuild'
import { PurgeCSS } from 'purgecss'
import { createHash } from 'node:crypto'
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const HERE = import.meta.dirname
const PACKAGE = path.join(HERE, '..', 'cityinfo', 'cms')
const OUT = path.join(PACKAGE, 'static', 'build')
const ICONS = path.join(HERE, 'node_modules', '@tabler', 'icons', 'icons', 'outline')
const OWN_ICONS = path.join(HERE, 'src', 'cms', 'icons')
const COMPRESSED = new Set(['.css', '.js', '.svg'])

// KERN comes whole; pages need a tenth of it. In a layer of its own, so that ours always wins.
const kern = {
  name: 'kern',
  setup(builder) {
    builder.onLoad({ filter: /kern\.min\.css$/ }, async ({ path: file }) => {
      const [{ css }] = await new PurgeCSS().purge({
        content: [`${PACKAGE}/templates/**/*.html`, `${HERE}/src/cms/**/*.js`],
        css: [{ raw: await readFile(file, 'utf8') }],
        fontFace: true,
        keyframes: true,
        safelist: { standard: [/^kern-alert/, /^kern-btn/] },
      })
      return { contents: `@layer kern {\n${withoutImportant(css)}\n}`, loader: 'css' }
    })
  },
}

// An important rule inside a layer would beat every rule of ours.
function withoutImportant(css) {
  return css.replaceAll(/@charset[^;]*;/g, '').replaceAll(/@font-face\s*{[^}]*}/g, '').replaceAll(/\s*!important/g, '')
}

async function sprite() {
  const names = await usedIcons()
  const symbols = await Promise.all([...names].sort().map(symbol))
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`
}

// Templates and scripts name icons as `icon("name")`, `symbol="name"` and `#i-name`; ours begin with `g-`.
async function usedIcons() {
  const sources = [...(await filesBelow(path.join(PACKAGE, 'templates'))), ...(await filesBelow(path.join(HERE, 'src', 'cms')))]
  const texts = await Promise.all(sources.filter(file => /\.(html|js)$/.test(file)).map(file => readFile(file, 'utf8')))
  const found = texts.flatMap(text => [...text.matchAll(/(?:icon\(|symbol=|place\([^\n]*?,)\s*["']([a-z0-9-]+)["']|#i-([a-z0-9-]+)(?=["'`])/g)])
  const own = (await readdir(OWN_ICONS)).map(name => path.basename(name, '.svg'))
  return new Set([...found.map(match => match[1] ?? match[2]), ...own])
}

async function symbol(name) {
  const own = path.join(OWN_ICONS, `${name}.svg`)
  const text = await readFile(own, 'utf8').catch(() => readFile(path.join(ICONS, `${name}.svg`), 'utf8'))
  const box = /viewBox="([^"]+)"/.exec(text)[1]
  const inner = text.slice(text.indexOf('>', text.indexOf('<svg')) + 1, text.lastIndexOf('</svg>')).replaceAll(/\s+/g, ' ').trim()
  return `<symbol id="i-${name}" viewBox="${box}">${inner}</symbol>`
}

async function filesBelow(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries.filter(entry => entry.isFile()).map(entry => path.join(entry.parentPath, entry.name))
}

async function writeHashed(name, text) {
  const extension = path.extname(name)
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 8)
  const file = `${path.basename(name, extension)}-${hash}${extension}`
  await writeFile(path.join(OUT, file), text)
  return file
}

async function compress(file) {
  const bytes = await readFile(file)
  await writeFile(`${file}.gz`, gzipSync(bytes, { level: 9 }))
  await writeFile(`${file}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }))
}

await rm(OUT, { recursive: true, force: true })
await mkdir(OUT, { recursive: true })
const { metafile } = await build({
  entryPoints: { cms: 'src/cms/cms.js', editor: 'src/cms/editor/editor.js', translating: 'src/cms/translating/translating.js', map: 'src/cms/map/map.js', 'map-style': 'src/cms/map/map.css', style: 'src/cms/style.css' },
  absWorkingDir: HERE,
  outdir: OUT,
  entryNames: '[name]-[hash]',
  assetNames: '[name]-[hash]',
  bundle: true,
  minify: true,
  format: 'esm',
  target: ['chrome123', 'firefox120', 'safari17.5'], // the first with light-dark()
  loader: { '.woff2': 'file', '.svg': 'dataurl', '.png': 'dataurl' },
  legalComments: 'linked',
  metafile: true,
  plugins: [kern],
  logLevel: 'warning',
})
const manifest = { 'icons.svg': await writeHashed('icons.svg', await sprite()) }
for (const [file, { entryPoint }] of Object.entries(metafile.outputs)) {
  if (entryPoint) manifest[path.basename(entryPoint)] = path.basename(file)
}
await writeFile(path.join(OUT, 'manifest.json'), JSON.stringify(manifest, null, 1))
for (const file of await filesBelow(OUT)) {
  if (COMPRESSED.has(path.extname(file))) await compress(file)
}
