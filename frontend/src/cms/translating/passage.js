// One passage: plain text to read until someone goes to it, then an editor that holds the same things as the whole text's.
import { Editor } from '@tiptap/core'
import OfficePaste from '@intevation/tiptap-extension-office-paste'
import { one } from '../dom.js'
import { Direction } from '../editor/direction.js'
import { CleanPaste } from '../editor/paste.js'
import { extensions, parsed, wordsOf, written } from '../editor/schema.js'
import { shownIn } from '../editor/shown.js'
import { passageKeys } from './keys.js'

const THINGS = 'img, contact-card, iframe, audio, hr'

export class Passage {
  constructor(element, { number, changed, save, dialog, shown }) {
    Object.assign(this, { element, number, changed, save, dialog, shown })
    this.field = one('[name=target]', element)
    this.box = one('input[type=checkbox][name=settled]', element)
    this.said = one('.said', element)
    this.original = this.field?.value
    if (this.said) this.#prepare()
  }

  get isShown() {
    return !this.element.hidden
  }

  get isOpen() {
    return Boolean(this.box) && !this.box.checked
  }

  get isItem() {
    return one('[name=list]', this.element).value !== ''
  }

  get words() {
    return this.number && !hasWords(this.field.value) ? '' : this.field.value
  }

  get isUnanswered() {
    return this.isOpen && this.field.value !== this.original && this.words !== ''
  }

  get values() {
    const value = name => one(`[name=${name}]`, this.element).value
    const settled = this.box ? this.box.checked : true
    return { source: value('source'), list: value('list'), opens: value('opens'), closes: value('closes'), target: this.words, settled }
  }

  // Whoever has changed the words of an open passage and goes on is done with it; returns whether that is news.
  answer() {
    if (!this.isUnanswered) return false
    this.box.checked = true
    return true
  }

  tick() {
    if (this.number && !this.words) return
    this.box.checked = true
    this.box.dispatchEvent(new Event('change', { bubbles: true }))
  }

  focus() {
    this.element.scrollIntoView({ block: 'center' })
    if (!this.said) this.field.focus()
    else this.#edit()
  }

  #prepare() {
    this.said.addEventListener('focus', () => this.#edit())
    this.said.addEventListener('click', event => this.#edit(event))
    one('[data-change]', this.element)?.addEventListener('click', () => this.#edit())
    for (const button of this.element.querySelectorAll('[data-original]')) {
      button.addEventListener('click', () => this.#replace(button.dataset.original))
    }
  }

  #edit(event) {
    this.editor ??= this.#begin()
    if (!this.editor) return this.field.focus()
    const at = event && this.editor.view.posAtCoords({ left: event.clientX, top: event.clientY })
    this.editor.commands.focus(at?.pos ?? 'end')
  }

  #replace(words) {
    this.#edit()
    this.field.value = words
    this.editor?.commands.setContent(this.#within(words), { emitUpdate: false })
    if (!words && this.box) this.box.checked = true
    this.box?.dispatchEvent(new Event('change', { bubbles: true }))
    this.changed()
  }

  // Words that the editor could not hold stay as HTML.
  #begin() {
    const place = document.createElement('div')
    this.said.before(place)
    const editor = new Editor({
      element: place,
      content: this.#within(this.field.value),
      extensions: [...extensions(shownIn(this.shown)), OfficePaste, CleanPaste, Direction, passageKeys(this)],
      injectCSS: false,
      parseOptions: { preserveWhitespace: false },
      editorProps: {
        attributes: { class: 'prose well', role: 'textbox', 'aria-multiline': 'true', 'aria-label': this.said.dataset.label, lang: this.field.lang, dir: this.field.dir },
      },
    })
    if (wordsOf(editor.getHTML()) !== wordsOf(this.field.value)) {
      editor.destroy()
      place.remove()
      this.said.remove()
      this.field.classList.add('is-html')
      this.field.addEventListener('input', () => this.changed())
      return null
    }
    this.said.remove()
    one('[data-change]', this.element)?.remove()
    one('.pair__foot [data-original]:not([data-original=""])', this.element)?.remove()
    editor.on('update', ({ transaction }) => {
      if (!transaction.docChanged) return
      this.field.value = this.#without(written(editor.getHTML()))
      this.changed()
    })
    return editor
  }

  // An item is edited in a list of its own.
  #within(words) {
    return this.isItem ? `<ul>${words || '<li></li>'}</ul>` : words
  }

  #without(words) {
    if (!this.isItem) return words
    return [...parsed(words).content.children]
      .map(child => (child.matches('ul, ol') ? child.innerHTML : `<li>${child.outerHTML}</li>`))
      .join('')
  }
}

// The text that the passages make; items that follow each other in one list stand in one (cityinfo/features/translation).
export function joined(passages) {
  let said = ''
  let list = null
  for (const { values } of passages.filter(passage => passage.words)) {
    if (values.list !== (list?.list ?? '')) {
      said += (list?.closes ?? '') + values.opens
      list = values.list ? values : null
    }
    said += values.target
  }
  return said + (list?.closes ?? '')
}

const hasWords = html => wordsOf(html) !== '' || parsed(html).content.querySelector(THINGS) !== null
