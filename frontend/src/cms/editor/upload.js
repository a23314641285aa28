// A new picture for the text: chosen or dragged into the dialog, sent with what it says, refused in words that stay there.
import { csrf } from '../csrf.js'
import { one, say } from '../dom.js'

const MEGABYTE = 1_000_000

export class Upload {
  constructor(dialog, language) {
    Object.assign(this, { dialog, language, place: one('[data-drop]', dialog), field: one('[name=file]', dialog) })
    this.says = this.place.dataset
    this.progress = one('progress', dialog)
    this.field.addEventListener('change', () => this.#look())
    dialog.addEventListener('dragover', event => { event.preventDefault(); this.place.classList.add('is-over') })
    dialog.addEventListener('dragleave', () => this.place.classList.remove('is-over'))
    dialog.addEventListener('drop', event => { event.preventDefault(); this.take(event.dataTransfer.files[0]) })
    dialog.addEventListener('close', () => this.request?.abort())
  }

  begin() {
    this.#problem('')
    this.progress.hidden = true
  }

  take(file) {
    this.place.classList.remove('is-over')
    if (!file) return
    const files = new DataTransfer()
    files.items.add(file)
    this.field.files = files.files
    if (this.#look()) one('[name=alt]', this.dialog).focus()
  }

  // Says what is missing and where; returns false, so that the dialog stays. Without a name it was said before.
  ask(name) {
    if (name) this.#refuse(this.says[name], name === 'undescribed' ? one('[name=alt]', this.dialog) : this.field)
    return false
  }

  // Resolves with the new file's identity, or with nothing when it could not be kept.
  async send(file, { alt, 'aria-hidden': hidden }) {
    if (this.request || !this.#look()) return null
    if (!alt && !hidden) {
      this.ask('undescribed')
      return null
    }
    const sent = new FormData()
    for (const [name, value] of Object.entries({ file, alt, language: this.language, decorative: hidden ? '1' : '' })) sent.append(name, value)
    const { status, answer } = await this.#post(sent)
    if (status === 200) return answer.id
    const words = { 0: this.says.away, 401: this.says.expired, 413: this.#tooLarge(file) }[status]
    if (this.dialog.open) this.#refuse(answer.problem ?? words ?? this.says.away, this.field)
    return null
  }

  #post(sent) {
    const request = new XMLHttpRequest() // `fetch` does not say how far an upload is
    this.request = request
    this.progress.hidden = false
    this.progress.value = 0
    say(this.says.busy)
    request.upload.addEventListener('progress', event => { this.progress.value = (event.loaded / event.total) * 100 })
    request.open('POST', this.says.upload)
    request.setRequestHeader('Accept', 'application/json')
    request.setRequestHeader('X-CSRF-TOKEN', csrf())
    request.responseType = 'json'
    return new Promise(resolve => {
      request.addEventListener('loadend', () => {
        this.request = null
        this.progress.hidden = true
        resolve({ status: request.status, answer: request.response ?? {} })
      })
      request.send(sent)
    })
  }

  // Before anything is sent: most of what cannot be used is known here.
  #look() {
    const [file] = this.field.files
    if (!file) return false
    if (file.size > this.says.most * MEGABYTE) this.#refuse(this.#tooLarge(file), this.field)
    else if (file.type && !file.type.startsWith('image/')) this.#refuse(this.says.wrong.replace('{name}', file.name), this.field)
    else this.#problem('')
    return !this.field.hasAttribute('aria-invalid')
  }

  #tooLarge({ name, size }) {
    const written = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 }).format(size / MEGABYTE)
    return this.says.tooLarge.replace('{name}', name).replace('{size}', written).replace('{most}', this.says.most)
  }

  #refuse(words, field) {
    this.#problem(words)
    field.setAttribute('aria-invalid', 'true')
    field.focus()
  }

  #problem(words) {
    for (const field of [this.field, one('[name=alt]', this.dialog)]) field.removeAttribute('aria-invalid')
    one('[data-problem]', this.dialog).textContent = words
  }
}
