// Comments beside a text: opened by their button or by Ctrl Alt M, about the passage that is selected. Passages are marked
// in the text without changing it. The server writes the list; without scripts it is a page of its own.
import htmx from 'htmx.org'
import { all, one, say, whenever } from '../dom.js'
import './mentions.js'
import { find, read, selected } from './places.js'

const MARK = 'comment'
const PAUSE = 400 // ms after a change of the text
const NARROW = '(max-width: 75rem)'

class Comments {
  constructor(drawer) {
    Object.assign(this, { drawer, button: one('#comments-button') })
    this.button.addEventListener('click', event => { event.preventDefault(); this.toggle() })
    this.button.addEventListener('pointerdown', event => event.preventDefault()) // what is selected stays selected
    one('[data-close]', drawer).addEventListener('click', () => this.close())
    drawer.addEventListener('click', event => this.#click(event))
    drawer.addEventListener('keydown', event => { if (event.key === 'Escape') this.close() })
    drawer.addEventListener('htmx:afterSwap', () => this.#shown())
    for (const failure of ['htmx:responseError', 'htmx:sendError']) drawer.addEventListener(failure, () => this.#fail())
    document.addEventListener('keydown', event => this.#press(event), true)
    new MutationObserver(() => this.#soon()).observe(one('.main'), { subtree: true, childList: true, characterData: true })
    one('.main').addEventListener('input', () => this.#soon())
    if (location.hash === '#comments') this.open()
  }

  get language() {
    return one('#comments-part', this.drawer).dataset.language ?? one('#writing')?.dataset.language
  }

  // Elements with the words of the language that is talked about.
  get words() {
    return all('[data-text]').filter(({ dataset }) => dataset.text === this.language)
  }

  toggle() {
    if (this.drawer.hidden) this.open()
    else this.close()
  }

  async open() {
    const about = this.#selection()
    this.drawer.hidden = false
    document.documentElement.classList.add('has-comments')
    if (!one('[data-open]', this.drawer)) await htmx.ajax('GET', this.button.href, { target: '#comments-part', swap: 'outerHTML' })
    this.#begin(about)
  }

  close() {
    this.drawer.hidden = true
    document.documentElement.classList.remove('has-comments')
    this.#show([])
    this.button.focus()
  }

  #selection() {
    return selected(read(this.words), document.getSelection(), 500)
  }

  #begin(about) {
    const form = one('form[data-new]', this.drawer)
    if (!form) return this.drawer.focus()
    const { quote, before, after, words } = form.elements
    if (about) [quote.value, before.value, after.value] = [about.quote, about.before, about.after]
    words.focus()
  }

  #press(event) {
    if (!(event.ctrlKey && event.altKey && event.code === 'KeyM') || one('dialog[open]')) return
    event.preventDefault()
    const about = this.#selection()
    if (this.drawer.hidden) this.open()
    else if (about) this.#begin(about)
    else this.close()
  }

  #click(event) {
    const thread = event.target.closest('[data-jump]')?.closest('[data-quote]')
    if (!thread) return
    const place = find(read(this.words), thread.dataset)
    if (!place) return this.#mark()
    if (matchMedia(NARROW).matches) this.close() // it would lie over the text
    lead(place)
  }

  #fail() {
    const place = one('[data-failure]', this.drawer)
    place.textContent = this.drawer.dataset.failed
    place.hidden = false
  }

  #shown() {
    one('[data-failure]', this.drawer).hidden = true
    const part = one('#comments-part')
    const number = one('[data-number]', this.button)
    if (part.dataset.language === one('#writing, [data-text]')?.dataset.language) number.textContent = part.dataset.open
    if (!this.drawer.contains(document.activeElement)) this.drawer.focus({ preventScroll: true })
    this.#mark()
    say(this.button.textContent.trim())
  }

  #soon() {
    if (this.drawer.hidden) return
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.#mark(), PAUSE)
  }

  // Marks the passages, and says of each whether it is still there.
  #mark() {
    const words = read(this.words)
    this.#show(all('[data-quote]', this.drawer).flatMap(thread => {
      const place = find(words, thread.dataset)
      const gone = one('[data-gone]', thread)
      if (gone.hidden !== Boolean(place)) gone.hidden = Boolean(place)
      const jump = one('[data-jump]', thread)
      if (jump.hidden === Boolean(place)) jump.hidden = !place
      return place ?? []
    }))
  }

  // Nothing marks single words of a field, so a title is marked as a whole.
  #show(places) {
    const titles = new Set(places.map(({ field }) => field))
    for (const field of all('textarea[data-title]')) field.classList.toggle('is-talked-about', titles.has(field))
    CSS.highlights?.set(MARK, new Highlight(...places.flatMap(({ range }) => range ?? [])))
  }
}

function lead({ range, field, start, end }) {
  if (field) {
    field.focus()
    field.setSelectionRange(start, end)
    return
  }
  const around = range.startContainer.parentElement
  around.closest('[contenteditable=true]')?.focus({ preventScroll: true })
  document.getSelection().setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset)
  around.scrollIntoView({ block: 'center' })
}

whenever('aside#comments', drawer => new Comments(drawer))
