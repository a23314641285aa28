// Unpacks the browser that the npm package carries, with its libraries and fonts; prints where it is.
import { createBrotliDecompress } from 'node:zlib'
import { createReadStream, createWriteStream } from 'node:fs'
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises'
import { execFile } from 'node:child_process'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import path from 'node:path'

const PACKED = path.join(import.meta.dirname, 'node_modules', '@sparticuz', 'chromium', 'bin')
const target = path.resolve(process.argv[2])

const unsqueeze = (name, file) =>
  pipeline(createReadStream(path.join(PACKED, name)), createBrotliDecompress(), createWriteStream(file))

// By way of a file: at the end of an archive tar may close a pipe into which the padding is still being written.
async function untar(name) {
  const archive = path.join(target, path.basename(name, '.br'))
  await unsqueeze(name, archive)
  await promisify(execFile)('tar', ['-x', '-f', archive, '-C', target])
  await rm(archive)
}

await mkdir(target, { recursive: true })
await Promise.all(['al2023.tar.br', 'fonts.tar.br', 'swiftshader.tar.br'].map(untar))
// The packed list of font folders is that of another place.
await writeFile(path.join(target, 'fonts.conf'), `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${target}/fonts</dir><dir>/usr/share/fonts</dir><cachedir>${target}/cache</cachedir></fontconfig>`)
const browser = path.join(target, 'chromium')
await unsqueeze('chromium.br', browser)
await chmod(browser, 0o755)
console.log(browser)
