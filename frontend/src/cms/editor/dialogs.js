// Dialogs of the editor: links, pictures, contacts, the language of words. Each is a form in a <dialog> of the page.
import { all, one } from '../dom.js'
import { Shelf } from '../media/shelf.js'
import { Upload } from './upload.js'

const PAUSE = 200 // ms without a key before something is looked for

export class Dialogs {
  constructor(editor, { targets, language }) {
    Object.assign(this, { editor, targets, language })
    for (const dialog of all('dialog[data-dialog]')) this.#prepare(dialog)
  }

  open(name) {
    const dialog = one(`dialog[data-dialog=${name}]`)
    if (!dialog || dialog.open) return
    one('form', dialog).reset()
    one('[data-found], [data-shelf]', dialog)?.replaceChildren()
    this[`fill_${name}`]?.(dialog)
    dialog.showModal()
    one('input, select', dialog).focus()
  }

  fill_link(dialog) {
    const { href } = this.editor.getAttributes('link')
    one('[name=href]', dialog).value = href ?? ''
    one('[data-remove]', dialog).hidden = !href
    if (this.editor.isActive('link')) this.editor.commands.extendMarkRange('link')
  }

  fill_contact(dialog) {
    if (!this.editor.isActive('contactCard')) return
    const shown = this.editor.getAttributes('contactCard').show?.split(' ') ?? []
    for (const box of all('[name=show]', dialog)) box.checked = shown.includes(box.value)
  }

  fill_image(dialog) {
    this.upload?.begin()
    this.shelf.find('', '') // the library from its beginning
    if (!this.editor.isActive('image')) return
    const attributes = this.editor.getAttributes('image')
    one('[name=alt]', dialog).value = attributes.alt ?? ''
    one('[name=decorative]', dialog).checked = attributes['aria-hidden'] === 'true'
  }

  fill_language(dialog) {
    const { lang, dir } = this.editor.getAttributes('span')
    const field = one('[name=lang]', dialog)
    if (lang) field.value = `${lang} ${dir}`
    if (field.selectedIndex < 0) field.value = '' // a language that the city does not write in
    if (lang) this.editor.commands.extendMarkRange('span')
  }

  #prepare(dialog) {
    const form = one('form', dialog)
    const search = one('[name=q]', dialog)
    let timer
    search?.addEventListener('input', () => {
      clearTimeout(timer)
      timer = setTimeout(() => this.#find(dialog, search.value), PAUSE)
    })
    search?.addEventListener('keydown', event => { // Enter looks, it does not choose
      if (event.key === 'Enter') { event.preventDefault(); this.#find(dialog, search.value) }
    })
    form.addEventListener('keydown', event => { // left to itself Enter presses the first button, which cancels
      if (event.key !== 'Enter' || event.defaultPrevented || !event.target.matches('input:not([type=file])')) return
      event.preventDefault()
      form.requestSubmit(one('[value=use]', form))
    })
    form.addEventListener('submit', event => {
      event.preventDefault()
      this.#answer(dialog, new FormData(form), event.submitter)
    })
    const shelf = one('[data-shelf]', dialog)
    if (shelf) this.shelf = new Shelf(shelf, shelf.dataset.shelf).follow()
    if (one('[data-drop]', dialog)) this.upload = new Upload(dialog, { language: this.language, shelf: this.shelf })
    dialog.addEventListener('close', () => this.editor.commands.focus())
  }

  // What cannot be used yet is said in the dialog, which stays open with everything in it.
  async #answer(dialog, sent, button) {
    const used = button?.value === 'cancel' || await this[`use_${dialog.dataset.dialog}`](sent, button)
    if (used !== false) dialog.close()
  }

  // A file that was dropped on the text or pasted into it.
  take(file) {
    if (!this.upload) return
    this.open('image')
    this.upload.take(file)
  }

  async #find(dialog, wanted) {
    const place = one('[data-found]', dialog)
    if (!place) return this.shelf.find(wanted)
    const query = new URLSearchParams({ q: wanted, language: this.language })
    const answer = await fetch(`${this.targets}/${place.dataset.found}?${query}`).catch(() => null)
    if (one('[name=q]', dialog).value !== wanted) return // something newer is on its way
    const found = answer?.ok ? await answer.json() : []
    place.replaceChildren(...found.map(one => choice(one)))
    if (!found.length && wanted) place.append(Object.assign(document.createElement('p'), { className: 'muted', textContent: place.dataset.nothing }))
  }

  use_link(sent, button) {
    const chain = this.editor.chain().focus()
    const { selection } = this.editor.state
    if (button?.value === 'remove') return chain.unsetMark('link', { extendEmptyMarkRange: true }).run()
    const chosen = sent.get('target')
    const href = chosen ? `entry:${chosen}` : address(sent.get('href'))
    if (!href) return
    if (!selection.empty) return chain.setMark('link', { href, hreflang: null }).run()
    const words = chosen ? one(`[name=target][value="${chosen}"]`).dataset.title : href.replace(/^(mailto|tel):/, '')
    chain.insertContent({ type: 'text', text: words, marks: [{ type: 'link', attrs: { href } }] }).run()
  }

  async use_image(sent) {
    const decorative = sent.get('decorative') === '1'
    const said = decorative ? { alt: '', 'aria-hidden': 'true' } : { alt: sent.get('alt').trim(), 'aria-hidden': null }
    const file = sent.get('file')
    const isChange = this.editor.isActive('image') && !file?.size && !sent.get('target')
    const chosen = file?.size ? await this.upload.send(file, said) : sent.get('target')
    if (isChange) return this.editor.chain().focus().updateAttributes('image', said).run()
    if (!chosen) return this.upload?.ask(file?.size ? '' : 'none') ?? true
    return this.editor.chain().focus().insertContent({ type: 'image', attrs: { src: `media:${chosen}`, ...said } }).run()
  }

  use_icon(sent) {
    const alt = sent.get('alt').trim()
    const attrs = { src: `icon:${sent.get('icon')}`, class: 'icon', alt, 'aria-hidden': alt ? null : 'true' }
    this.editor.chain().focus().insertContent({ type: 'image', attrs }).run()
  }

  use_contact(sent) {
    const show = sent.getAll('show').join(' ')
    const chosen = sent.get('target')
    const chain = this.editor.chain().focus()
    if (chosen) chain.insertContent({ type: 'contactCard', attrs: { entry: chosen, show } }).run()
    else if (this.editor.isActive('contactCard')) chain.updateAttributes('contactCard', { show }).run()
  }

  use_language(sent) {
    const [lang, dir] = sent.get('lang').split(' ')
    const chain = this.editor.chain().focus()
    if (lang && this.editor.state.selection.empty) chain.setMark('span', { lang, dir }).run() // of what is typed next
    else chain.setLanguage(lang ? { lang, dir } : null).run()
  }
}

function choice({ id, title, kind }) {
  const label = document.createElement('label')
  label.className = 'check'
  const radio = Object.assign(document.createElement('input'), { type: 'radio', name: 'target', value: id })
  radio.dataset.title = title
  label.append(radio)
  const words = Object.assign(document.createElement('span'), { textContent: title, dir: 'auto' })
  label.append(words, Object.assign(document.createElement('span'), { className: 'small muted', textContent: kind }))
  return label
}

// What people type as an address, as one that leads somewhere; empty when it cannot.
export function address(typed) {
  const text = (typed ?? '').trim()
  if (/^(https?:\/\/|mailto:|tel:|sms:|entry:\d|media:\d)/i.test(text)) return text
  if (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)) return `mailto:${text}`
  if (/^\+?[\d\s()/–-]{5,}$/.test(text)) return `tel:${text.replace(/[^\d+]/g, '')}`
  if (/^[^\s:]+\.[a-z]{2,}(\/\S*)?$/i.test(text)) return `https://${text}`
  return ''
}
