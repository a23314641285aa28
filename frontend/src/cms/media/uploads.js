// Many files at once: one after the other, each with how far it is. What did not arrive stays here until it does.
import { one, say, whenever } from '../dom.js'
import { Shelf } from './shelf.js'
import { droppable, sending, tooLarge } from './sending.js'

const WAITS = 'waits', SENDING = 'sending', KEPT = 'kept', AWAY = 'away', REFUSED = 'refused', CANCELLED = 'cancelled'
const GLYPHS = { [WAITS]: 'draft', [SENDING]: 'draft', [KEPT]: 'current', [AWAY]: 'outdated', [REFUSED]: 'bad', [CANCELLED]: 'off' }
const SIGNS = { [WAITS]: 'draft', [SENDING]: 'draft', [KEPT]: 'current', [AWAY]: 'outdated', [REFUSED]: 'bad', [CANCELLED]: 'missing' }

class Uploads {
  constructor(form) {
    Object.assign(this, { form, says: form.dataset, items: [], list: one('.queue', form), again: one('[data-all-again]', form) })
    const field = one('input[type=file]', form)
    const place = one('[data-shelf-place]')
    this.shelf = place && new Shelf(place, this.says.shelf)
    one('button[type=submit]', form).hidden = true // choosing is enough
    field.addEventListener('change', () => {
      this.take([...field.files])
      field.value = ''
    })
    droppable(form, one('main'), files => this.take(files))
    form.addEventListener('submit', event => event.preventDefault())
    this.again.addEventListener('click', () => this.#sendAgain(this.#in(AWAY)))
    window.addEventListener('online', () => this.#sendAgain(this.#in(AWAY)))
    window.addEventListener('beforeunload', event => { if (this.#in(WAITS, SENDING, AWAY).length) event.preventDefault() })
  }

  take(files) {
    one('[data-queue]', this.form).hidden = false
    for (const file of files) {
      const item = new Item(file, this)
      this.items.push(item)
      this.list.append(item.row)
      const large = tooLarge(file, this.says)
      item.show(large ? REFUSED : WAITS, large)
    }
    this.#next()
  }

  sendAgain(item) {
    this.#sendAgain([item])
  }

  #sendAgain(items) {
    for (const item of items) item.show(WAITS)
    this.#next()
  }

  async #next() {
    if (this.sending) return
    this.sending = true
    let item
    while ((item = this.#in(WAITS)[0])) await item.send(this.form.action, one('[name=folder]', this.form).value)
    this.sending = false
    this.again.hidden = !this.#in(AWAY).length
    const counts = { kept: this.#in(KEPT).length, failed: this.#in(AWAY, REFUSED).length }
    say(this.says.done.replace('{kept}', counts.kept).replace('{failed}', counts.failed))
    if (counts.kept) await this.shelf?.show(new URL(this.says.shelf, location.href).href)
  }

  #in(...states) {
    return this.items.filter(item => states.includes(item.state))
  }
}

class Item {
  constructor(file, uploads) {
    Object.assign(this, { file, uploads, says: uploads.says, tried: false })
    this.row = document.createElement('li')
    this.row.innerHTML = '<svg class="g" aria-hidden="true"><use></use></svg><span class="queue__name" dir="auto"></span><span class="queue__words small"></span><progress max="100" value="0" hidden></progress><span class="row"></span>'
    one('.queue__name', this.row).textContent = file.name
    this.progress = one('progress', this.row)
    this.progress.setAttribute('aria-label', file.name)
  }

  show(state, words = '') {
    const held = this.row.contains(document.activeElement)
    this.state = state
    this.row.className = `is-${SIGNS[state]}`
    one('use', this.row).setAttribute('href', `${icons()}#i-g-${GLYPHS[state]}`)
    one('.queue__words', this.row).textContent = words || this.says[state] || ''
    this.progress.hidden = state !== SENDING
    const doors = { [KEPT]: [this.#door()], [AWAY]: [this.#button('again', () => this.uploads.sendAgain(this)), this.#cancel()], [WAITS]: [this.#cancel()], [SENDING]: [this.#cancel()] }
    one('.row', this.row).replaceChildren(...doors[state] ?? [])
    if (held) (one('button, a', this.row) ?? one('input[type=file]', this.uploads.form)).focus()
  }

  async send(address, folder) {
    this.show(SENDING)
    const fields = { folder, file: this.file, ...this.tried ? { again: '1' } : {} } // it may have arrived, and only the answer did not
    this.tried = true
    this.request = sending(address, fields, percent => { this.progress.value = percent })
    const { status, answer } = await this.request.arrived
    if (this.state === CANCELLED) return
    this.address = answer?.address
    if (status === 201) this.show(KEPT)
    else if (status === 422 || status === 403) this.show(REFUSED, answer?.problem)
    else this.show(AWAY, status === 401 ? this.says.expired : answer?.problem)
  }

  #cancel() {
    return this.#button('cancel', () => {
      this.show(CANCELLED)
      this.request?.cancel()
    })
  }

  #button(name, act) {
    const button = document.createElement('button')
    Object.assign(button, { type: 'button', className: 'kern-btn kern-btn--tertiary kern-btn--sm kern-btn--icon', title: this.says[name].replace('{name}', this.file.name) })
    button.setAttribute('aria-label', button.title)
    button.innerHTML = name === 'again' ? `<svg class="i" aria-hidden="true"><use href="${icons()}#i-refresh"></use></svg>` : `<svg class="i" aria-hidden="true"><use href="${icons()}#i-x"></use></svg>`
    button.addEventListener('click', act)
    return button
  }

  #door() {
    const link = Object.assign(document.createElement('a'), { href: this.address, textContent: this.says.open })
    link.append(Object.assign(document.createElement('span'), { className: 'sr', textContent: ` ${this.file.name}` }))
    return link
  }
}

// The sprite, as every icon of the screen names it.
const icons = () => one('svg use[href*="icons"]').getAttribute('href').split('#')[0]

whenever('form[data-uploads]', form => new Uploads(form))
