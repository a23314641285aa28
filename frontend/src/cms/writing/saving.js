// Where the words are at any moment, said truly: in this browser, on their way, or with the server.
import * as drafts from './drafts.js'

const QUIET = 1200 // ms without a key before words are sent
const SLOW = 300 // ms before a request is worth a word
const PAUSES = [10, 30, 60] // s

// `read` gives { title, content, revision }, `send` resolves with the server's answer to it or rejects:
// with `expired`, `conflict` or `refused` in `error.kind`, anything else is a server or a line that is away.
export class Saving {
  constructor({ key, read, send, show, expired, conflict }) {
    Object.assign(this, { key, read, send, show, expired, conflict })
    this.failures = 0
    this.generation = 0 // of what is typed
    this.known = 0 // the one the server has
    addEventListener('online', () => this.dirty && this.now())
    addEventListener('pagehide', () => this.dirty && !this.left && this.#keepHere())
    addEventListener('beforeunload', event => { if (this.dirty && !this.isHere && !this.left) event.preventDefault() })
  }

  get dirty() {
    return this.generation !== this.known
  }

  typed() {
    this.generation += 1
    this.isHere = false
    this.show('dirty')
    this.#keepHere()
    if (this.send) this.#later(QUIET)
  }

  // Sends at once; resolves with whether the server has everything.
  async now() {
    clearTimeout(this.timer)
    if (this.sending) await this.sending
    if (!this.dirty || !this.send) return true
    this.sending = this.#send()
    const done = await this.sending
    this.sending = null
    return done
  }

  // What was sent in another way (a form, a dialog) is with the server too.
  async settled() {
    clearTimeout(this.timer)
    this.known = this.generation
    await this.keeping // what is still being written here must not come after
    if (!this.dirty) await drafts.forget(this.key).catch(() => {})
  }

  async #send() {
    const generation = this.generation
    const slow = setTimeout(() => this.show('busy'), SLOW)
    try {
      const answer = await this.send(this.read())
      this.failures = 0
      this.known = generation
      if (this.dirty) this.#later(QUIET)
      else await this.settled()
      this.show(this.dirty ? 'dirty' : 'saved', answer)
      return !this.dirty
    } catch (error) {
      await this.#failed(error, generation)
      return false
    } finally {
      clearTimeout(slow)
    }
  }

  async #failed(error, generation) {
    await this.#keepHere()
    if (error.kind === 'expired') {
      this.show('expired')
      this.expired(() => this.now())
    } else if (error.kind === 'conflict') { // the server has kept these words too, beside the others
      this.known = generation
      this.conflict(error.answer)
    } else if (error.kind === 'refused') {
      this.show('refused', error.answer)
    } else {
      this.show(navigator.onLine ? 'error' : this.isHere ? 'offline' : 'error', { seconds: this.#pause() })
      this.#later(this.#pause() * 1000)
      this.failures += 1
    }
  }

  #pause() {
    return PAUSES[Math.min(this.failures, PAUSES.length - 1)]
  }

  #later(milliseconds) {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.now(), milliseconds)
  }

  #keepHere() {
    this.keeping = this.#kept()
    return this.keeping
  }

  async #kept() {
    const generation = this.generation
    try {
      await drafts.keep(this.key, this.read())
      if (generation === this.generation) this.isHere = true
    } catch {
      this.isHere = false // a private window without storage: leaving the page is asked about instead
    }
  }
}
