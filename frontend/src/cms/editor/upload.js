// A new picture for the text: chosen or dragged into the dialog, sent with what it says, refused in words that stay there.
import { one, say } from '../dom.js'
import { droppable, sending, tooLarge } from '../media/sending.js'

export class Upload {
  constructor(dialog, { language, shelf }) {
    Object.assign(this, { dialog, language, shelf, place: one('[data-drop]', dialog), field: one('[name=file]', dialog) })
    this.says = this.place.dataset
    this.progress = one('progress', dialog)
    this.field.addEventListener('change', () => this.#look())
    droppable(this.place, dialog, files => this.take(files[0]))
    dialog.addEventListener('close', () => this.request?.cancel())
  }

  begin() {
    this.#problem('')
    this.progress.hidden = true
  }

  take(file) {
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
    const { status, answer } = await this.#post({ file, alt, language: this.language, decorative: hidden ? '1' : '', folder: this.shelf.folder })
    if (status === 200) return answer.id
    const words = { 0: this.says.away, 401: this.says.expired, 413: tooLarge(file, this.says) }[status]
    if (this.dialog.open) this.#refuse(answer.problem ?? words ?? this.says.away, this.field)
    return null
  }

  async #post(fields) {
    this.progress.hidden = false
    this.progress.value = 0
    say(this.says.busy)
    this.request = sending(this.says.upload, fields, percent => { this.progress.value = percent })
    const arrived = await this.request.arrived
    this.request = null
    this.progress.hidden = true
    return arrived
  }

  // Before anything is sent: most of what cannot be used is known here.
  #look() {
    const [file] = this.field.files
    if (!file) return false
    const large = tooLarge(file, this.says)
    if (large) this.#refuse(large, this.field)
    else if (file.type && !file.type.startsWith('image/')) this.#refuse(this.says.wrong.replace('{name}', file.name), this.field)
    else this.#problem('')
    return !this.field.hasAttribute('aria-invalid')
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
