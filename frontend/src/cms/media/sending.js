// One file on its way to the server: how far it is, what came of it. Used by the library and by the dialog of the editor.
import { csrf } from '../csrf.js'

const MEGABYTE = 1_000_000

// Resolves with `{ status, answer }`; the status is 0 when nothing arrived. `told` hears how far it is, in percent.
export function sending(address, fields, told) {
  const request = new XMLHttpRequest() // `fetch` does not say how far an upload is
  const sent = new FormData()
  for (const [name, value] of Object.entries(fields)) sent.append(name, value)
  request.upload.addEventListener('progress', event => told((event.loaded / event.total) * 100))
  request.open('POST', address)
  request.setRequestHeader('Accept', 'application/json')
  request.setRequestHeader('X-CSRF-TOKEN', csrf())
  request.responseType = 'json'
  const arrived = new Promise(resolve => {
    request.addEventListener('loadend', () => resolve({ status: request.status, answer: request.response ?? {} }))
  })
  request.send(sent)
  return { arrived, cancel: () => request.abort() }
}

// Why a file is too large, in the words of the place it was chosen for; nothing when it is not.
export function tooLarge({ name, size }, { most, tooLarge: words }) {
  if (size <= most * MEGABYTE) return ''
  const written = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 }).format(size / MEGABYTE)
  return words.replace('{name}', name).replace('{size}', written).replace('{most}', most)
}

// Browsers hand over a picture that is dragged within the page as a file; it is none that anyone brings.
let own = false
document.addEventListener('dragstart', () => { own = true })
document.addEventListener('dragend', () => { own = false })

// Where files can be dropped: it looks different while something is held over it.
export function droppable(place, within, taken) {
  const over = on => place.classList.toggle('is-over', on)
  within.addEventListener('dragover', event => {
    if (own || !event.dataTransfer.types.includes('Files')) return
    event.preventDefault()
    over(true)
  })
  within.addEventListener('dragleave', event => { if (!within.contains(event.relatedTarget)) over(false) })
  within.addEventListener('drop', event => {
    if (own) return
    event.preventDefault()
    over(false)
    if (event.dataTransfer.files.length) taken([...event.dataTransfer.files])
  })
}
