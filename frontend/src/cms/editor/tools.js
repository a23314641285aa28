// The toolbar: one stop of the Tab key, every tool says whether it is on.
import { Extension } from '@tiptap/core'
import { all, one } from '../dom.js'

const ACTIONS = {
  bold: chain => chain.toggleBold(),
  italic: chain => chain.toggleItalic(),
  bulletList: chain => chain.toggleBulletList(),
  orderedList: chain => chain.toggleOrderedList(),
  table: chain => chain.insertTable({ rows: 3, cols: 2, withHeaderRow: true }),
  undo: chain => chain.undo(),
  redo: chain => chain.redo(),
}
const NOTE = { class: 'note' }

export class Tools {
  constructor(dialogs, editor = null) {
    Object.assign(this, { dialogs, bar: one('[role=toolbar]'), looking: () => this.#look() })
    this.bar.closest('.toolbar').hidden = false
    this.bar.addEventListener('click', event => {
      this.#use(event.target.closest('[data-tool]'))
      this.#choose(event.target.closest('[data-value]'))
    })
    this.bar.addEventListener('keydown', event => { // an open menu closes first
      if (event.key === 'Escape' && !one('details[open]', this.bar)) this.editor?.commands.focus()
    })
    this.attach(editor)
  }

  // What the tools are for from now on; without an editor they are off.
  attach(editor) {
    this.editor?.off('transaction', this.looking)
    this.editor = editor
    editor?.on('transaction', this.looking)
    for (const tool of all('[data-tool]', this.bar)) tool.setAttribute('aria-disabled', !editor)
    if (editor) this.#look()
  }

  focus() {
    const tool = one('[tabindex="0"]', this.bar) ?? one('.tool', this.bar)
    tool.focus()
  }

  #use(button) {
    if (!button || button.getAttribute('aria-disabled') === 'true') return
    const { tool } = button.dataset
    if (ACTIONS[tool]) ACTIONS[tool](this.editor.chain().focus()).run()
    else if (tool === 'note') this.#note()
    else this.dialogs.open(tool)
  }

  #note() {
    const chain = this.editor.chain().focus()
    if (this.editor.isActive('division', NOTE)) chain.lift('division').run()
    else chain.wrapIn('division', NOTE).run()
  }

  #choose(item) {
    if (!item) return
    const menu = item.closest('[data-menu]')
    const { value } = item.dataset
    const chain = this.editor.chain().focus()
    menu.open = false
    if (menu.dataset.menu === 'inTable') chain[value]().run()
    else if (value === 'paragraph') chain.setParagraph().run()
    else chain.setHeading({ level: Number(value) }).run()
  }

  #look() {
    const { editor } = this
    for (const button of all('button[aria-pressed]', this.bar)) {
      const { tool } = button.dataset
      const on = tool === 'note' ? editor.isActive('division', NOTE) : editor.isActive(tool)
      button.setAttribute('aria-pressed', on)
    }
    for (const name of ['undo', 'redo']) one(`[data-tool=${name}]`, this.bar).setAttribute('aria-disabled', !editor.can()[name]())
    if (!one('[data-menu]', this.bar)) return
    one('[data-menu=inTable]', this.bar).hidden = !editor.isActive('table')
    const level = editor.getAttributes('heading').level
    this.#name(one('[data-menu=block]', this.bar), level ? String(Math.min(level, 4)) : 'paragraph')
  }

  // The button of a menu says what is chosen.
  #name(menu, value) {
    for (const item of all('[data-value]', menu)) {
      if (item.dataset.value === value) item.setAttribute('aria-current', 'true')
      else item.removeAttribute('aria-current')
    }
    const button = one('summary', menu)
    const chosen = one('[aria-current]', menu).textContent
    one('[data-chosen]', button).textContent = chosen
    button.setAttribute('aria-label', `${button.dataset.label}: ${chosen}`)
  }
}

// Keys inside the text. The rest (bold, italic, headings, undo) is the editor's own.
export const shortcuts = ({ desk }) =>
  Extension.create({
    name: 'shortcuts',
    addStorage: () => ({ dialogs: null, tools: null }),
    addKeyboardShortcuts() {
      const done = action => () => { action(); return true }
      return {
        'Alt-F10': done(() => this.storage.tools.focus()),
        // Not at once: what was selected with the key before is told to the editor after this event.
        'Mod-k': done(() => setTimeout(() => this.storage.dialogs.open('link'))),
        // At a table that ends the text browsers put the caret outside of it, where nothing can be written.
        // The focus is here already: asked for again it would come back a frame later, from wherever it went meanwhile.
        'Mod-End': done(() => this.editor.chain().setTextSelection(this.editor.state.doc.content.size).scrollIntoView().run()),
        'Mod-Home': done(() => this.editor.chain().setTextSelection(0).scrollIntoView().run()),
        // The key that publishes (keys.js) breaks no line on the way.
        'Mod-Enter': () => true,
        'Mod-s': done(() => desk.save()),
      }
    },
  })
