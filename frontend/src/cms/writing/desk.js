// Around a text: what is typed is kept with the server, the form is sent when that has everything, and someone whose
// login has ended logs in again on top of the text.
import { csrf } from '../csrf.js'
import { all, one, say } from '../dom.js'
import { Advice } from './advice.js'
import * as drafts from './drafts.js'
import { Saving } from './saving.js'

const SUBMITTED = 'cityinfo-submitted' // the draft of a page that was not there yet when its form was sent

const OFTEN = 20_000 // ms between two looks at who else is here

export class Desk {
  constructor(form, words) {
    Object.assign(this, { form, words, state: one('.save') })
    const { key, autosave } = form.dataset
    this.saving = new Saving({
      key,
      read: () => this.read(),
      send: autosave ? values => this.#send(autosave, values) : null,
      show: (state, about) => this.show(state, about),
      expired: again => this.logIn(again),
      conflict: answer => this.meet(answer),
    })
    form.addEventListener('submit', event => this.#submit(event))
    document.addEventListener('keydown', event => this.#press(event))
  }

  async begin(editor) {
    this.editor = editor
    this.advice = new Advice(editor)
    this.#count()
    whoIsHere(this.form.dataset.others)
    forgetSubmitted()
    if ('typed' in this.form.dataset) return this.typed() // came back as it was sent: it is no version yet
    await this.#offerDraft()
  }

  read() {
    const { elements } = this.form
    return {
      title: this.words.title.value,
      content: this.words.read(),
      slug: elements.slug.value,
      revision: elements.revision.value,
      version: elements.version.value,
    }
  }

  // What is sent when a version is saved.
  sent() {
    return { ...this.read(), minor: this.form.elements.minor?.checked }
  }

  typed() {
    this.saving.typed()
    this.#count()
  }

  // A new version, without leaving the screen.
  async save() {
    if (!this.form.dataset.autosave) return this.form.requestSubmit(one('[data-save]'))
    if (!this.form.reportValidity()) return
    this.show('busy')
    try {
      const { elements } = this.form
      const generation = this.saving.generation
      const answer = await this.#send(location.pathname, this.sent())
      elements.revision.value = answer.revision
      elements.version.value = answer.version
      if (generation === this.saving.generation) await this.saving.settled()
      this.show('saved', answer)
    } catch (error) {
      if (error.kind === 'expired') this.logIn(() => this.save())
      else if (error.kind === 'conflict') this.meet(error.answer)
      else this.show(error.kind === 'refused' ? 'refused' : 'error', error.answer ?? { seconds: 10 })
    }
  }

  async #send(to, values) {
    const answer = await post(to, values)
    this.advice.renew(answer)
    return answer
  }

  // The form goes only when the server has every word, so that nothing depends on how it is answered.
  async #submit(event) {
    this.form.elements.content.value = this.words.read()
    if (this.sure) return
    event.preventDefault()
    const button = event.submitter
    busy(button)
    if (!this.form.dataset.autosave) return this.#leave(button)
    if (await this.saving.now()) return this.#leave(button)
    ready(button)
  }

  async #leave(button) {
    if (!this.form.dataset.autosave) sessionStorage.setItem(SUBMITTED, this.form.dataset.key)
    else await this.saving.settled()
    this.saving.left = true
    this.sure = true
    setTimeout(() => this.form.requestSubmit(button)) // a form that is being sent cannot be sent again
  }

  #count() {
    const text = one('#text')?.innerText ?? this.words.read().replace(/<[^>]*>/g, ' ')
    const number = text.match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}’'-]*/gu)?.length ?? 0
    const place = one('#words')
    if (!place) return
    place.textContent = number === 1 ? place.dataset.one : place.dataset.many.replace('{n}', number)
  }

  #press(event) {
    if ((event.ctrlKey || event.metaKey) && event.key === 's') {
      event.preventDefault()
      if (!event.target.closest?.('.prose')) this.save() // the editor does it itself
    } else if (event.key === 'F6') {
      event.preventDefault()
      this.#nextRegion(event.shiftKey ? -1 : 1)
    }
  }

  #nextRegion(step) {
    const stops = [one('#text') ?? one('#body'), one('.panel summary'), one('.status a, .status button')].filter(Boolean)
    const at = stops.findIndex(stop => stop.closest('.desk, .panel, .status').contains(document.activeElement))
    stops[(at + step + stops.length) % stops.length].focus()
  }

  // ---- where the words are --------------------------------------------------------------------------------------

  show(state, about = {}) {
    const place = this.state
    const time = new Intl.DateTimeFormat(document.documentElement.lang, { hour: '2-digit', minute: '2-digit' }).format()
    const text = place.dataset[state] ?? ''
    const words = text.replace('{time}', time).replace('{seconds}', about.seconds ?? '')
    place.dataset.state = state
    one('[data-says]', place).textContent = state === 'refused' ? about.problem ?? text : words
    for (const symbol of all('[data-for]', place)) symbol.toggleAttribute('hidden', !symbol.dataset.for.split(' ').includes(state))
    if (['saved', 'offline', 'error', 'refused'].includes(state) && state !== this.said) say(one('[data-says]', place).textContent)
    this.said = state
  }

  meet({ merge }) {
    this.show('conflict')
    const notice = one('#conflict')
    one('a', notice).href = merge
    notice.hidden = false
  }

  // ---- login in place -------------------------------------------------------------------------------------------

  logIn(again) {
    this.show('expired')
    const dialog = one('#log-in')
    if (dialog.open) return
    const frame = one('iframe', dialog)
    frame.onload = () => this.#loggedIn(frame, dialog, again)
    frame.src = dialog.dataset.login
    dialog.showModal()
  }

  #loggedIn(frame, dialog, again) {
    const account = frame.contentDocument?.querySelector('[data-account]')?.dataset.account
    if (!account) return
    if (account !== dialog.dataset.account) {
      one('[data-other]', dialog).hidden = false
      return
    }
    frame.onload = null
    frame.src = 'about:blank'
    dialog.close()
    one('#text')?.focus()
    again()
  }

  // ---- what a crash left behind ---------------------------------------------------------------------------------

  async #offerDraft() {
    const draft = await drafts.kept(this.form.dataset.key).catch(() => null)
    if (!draft || (draft.title === this.words.title.value && draft.content === this.words.read())) return
    const notice = one('#unsaved-here')
    one('#unsaved')?.remove() // what this browser has is never older than what it sent
    notice.hidden = false
    one('[data-take]', notice).addEventListener('click', () => { this.#take(draft); notice.remove() })
    one('[data-drop]', notice).addEventListener('click', () => { drafts.forget(this.form.dataset.key); notice.remove() })
  }

  #take(draft) {
    const { elements } = this.form
    this.words.title.value = draft.title
    elements.revision.value = draft.revision // what came in between is merged
    elements.version.value = draft.version
    if (this.words.replace) this.words.replace(draft.content)
    else elements.content.value = draft.content
    this.typed()
  }
}

function whoIsHere(address) {
  if (!address) return
  const look = async () => {
    if (document.hidden) return
    const answer = await fetch(address).catch(() => null)
    if (answer?.ok) one('#others').textContent = (await answer.json()).said.join(' ')
  }
  look()
  setInterval(look, OFTEN)
}

function forgetSubmitted() {
  const key = sessionStorage.getItem(SUBMITTED)
  if (!key || location.pathname.endsWith('/new')) return
  drafts.forget(key).catch(() => {})
  sessionStorage.removeItem(SUBMITTED)
}

function busy(button) {
  if (!button?.dataset.busy) return
  const label = one('.kern-label', button)
  button.style.inlineSize = `${button.offsetWidth}px`
  button.setAttribute('aria-disabled', 'true')
  button.dataset.ready = label.textContent
  label.textContent = button.dataset.busy
}

function ready(button) {
  if (!button?.dataset.ready) return
  button.removeAttribute('aria-disabled')
  one('.kern-label', button).textContent = button.dataset.ready
}

async function post(to, values) {
  const headers = { 'Content-Type': 'application/json', Accept: 'application/json', 'X-CSRF-TOKEN': csrf() }
  const answer = await fetch(to, { method: 'POST', headers, body: JSON.stringify(values), signal: AbortSignal.timeout(20_000) })
  if (answer.ok) return answer.json()
  const kind = { 401: 'expired', 409: 'conflict' }[answer.status] ?? (answer.status < 500 ? 'refused' : 'away')
  const isJson = answer.headers.get('Content-Type')?.includes('json')
  throw Object.assign(new Error(`${answer.status}`), { kind, answer: isJson ? await answer.json() : {} })
}
