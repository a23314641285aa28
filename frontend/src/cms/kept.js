// What was typed into the form of an entry and not saved is kept in this browser, for this person and this form, until it
// is saved, discarded or someone logs out. It comes back through the server, which draws the form as it was typed.
import { one, whenever } from './dom.js'

const PREFIX = 'cityinfo-form/'
const QUIET = 400 // ms without a key
const LONGEST = 30 * 24 * 3600 * 1000 // ms; who has not come back by then does not come back
const LEFT_OUT = ['csrf_token', 'taken']

let isOver = false // for whoever is logging out

const keyOf = (person, path) => `${PREFIX}${person}${path}`
const fieldsOf = form => [...new FormData(form)].filter(([name, value]) => typeof value === 'string' && !LEFT_OUT.includes(name))
const ours = () => Object.keys(localStorage).filter(key => key.startsWith(PREFIX))
const read = key => JSON.parse(localStorage.getItem(key) ?? 'null')

function forget(keys) {
  for (const key of keys) localStorage.removeItem(key)
}

class Kept {
  constructor(form) {
    Object.assign(this, { form, key: keyOf(form.dataset.keptFor, location.pathname), isLost: false })
    this.before = JSON.stringify(fieldsOf(form))
    for (const what of ['input', 'change', 'htmx:afterSettle']) form.addEventListener(what, () => this.#later())
    form.addEventListener('submit', () => { this.isSent = true })
    addEventListener('pagehide', () => this.timer && !isOver && this.keep())
    addEventListener('beforeunload', event => { if (this.isLost && !this.isSent) event.preventDefault() })
    if ('typed' in form.dataset) this.keep(true)
    else this.#offer()
  }

  // Fields that say again what they said are not worth keeping. A browser that keeps nothing asks before it leaves.
  keep(whatever = false) {
    clearTimeout(this.timer)
    this.timer = null
    const fields = fieldsOf(this.form)
    const differs = whatever || 'typed' in this.form.dataset || JSON.stringify(fields) !== this.before
    try {
      if (differs) localStorage.setItem(this.key, JSON.stringify({ at: Date.now(), fields }))
      else localStorage.removeItem(this.key)
      this.isLost = false
    } catch {
      this.isLost = differs
    }
    const state = one('[data-kept-state]')
    if (state) state.hidden = !differs || this.isLost
    if (differs) one('#unsaved-here')?.remove()
  }

  #later() {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.keep(), QUIET)
  }

  #offer() {
    const kept = read(this.key)
    const notice = one('#unsaved-here')
    if (!kept || !notice || JSON.stringify(kept.fields) === this.before) return
    const when = one('[data-when]', notice)
    const written = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: 'long', timeStyle: 'short' })
    when.textContent = when.textContent.replace('{when}', written.format(kept.at))
    one('[data-take]', notice).addEventListener('click', () => this.#take(kept.fields))
    one('[data-drop]', notice).addEventListener('click', () => { forget([this.key]); notice.remove(); one('main').focus() })
    notice.hidden = false
  }

  // With the revision it was written from: what someone else saved in between is not overwritten unseen.
  #take(fields) {
    const form = Object.assign(document.createElement('form'), { method: 'post', action: location.pathname, hidden: true })
    const token = this.form.elements.csrf_token.value
    const own = fields.filter(([name]) => name !== 'do')
    for (const [name, value] of [...own, ['do', 'show'], ['taken', '1'], ['csrf_token', token]]) {
      const field = document.createElement('textarea')
      form.append(Object.assign(field, { name, value }))
    }
    document.body.append(form)
    form.requestSubmit()
  }
}

function tidy() {
  const { person, saved } = one('[data-saved-form]')?.dataset ?? {}
  if (saved) forget([keyOf(person, saved)])
  forget(ours().filter(key => !(read(key)?.at > Date.now() - LONGEST)))
}

document.addEventListener('submit', event => {
  if (!event.target.matches('[data-logs-out]')) return
  isOver = true
  forget(ours())
})
try {
  tidy()
} catch { /* a browser that keeps nothing for us */ }
whenever('form[data-kept-for]', form => new Kept(form))
