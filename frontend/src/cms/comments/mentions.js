// An @ in a comment opens a list of the colleagues who can be named; arrows, Enter and Escape work in it while the words
// keep the focus. A <textarea> may not have the role of a combobox, so it says what its own role allows.
import { all, one, say, whenever } from '../dom.js'

const CALLED = /(?:^|[^\p{L}\p{N}_])@([\p{L}\p{M}'’.-]*(?: [\p{L}\p{M}'’.-]+)*)$/u
const MOST = 8

class Mentions {
  constructor(area) {
    const { people, peopleLabel, peopleOne, peopleMany } = one('#comments-part').dataset
    Object.assign(this, { area, names: JSON.parse(people), number: { one: peopleOne, many: peopleMany } })
    this.list = Object.assign(document.createElement('ul'), { id: `${area.id}-people`, className: 'people', hidden: true })
    this.list.setAttribute('role', 'listbox')
    this.list.setAttribute('aria-label', peopleLabel)
    area.after(this.list)
    area.setAttribute('aria-autocomplete', 'list')
    area.setAttribute('aria-controls', this.list.id)
    area.addEventListener('input', () => this.#look())
    area.addEventListener('keydown', event => this.#press(event))
    area.addEventListener('blur', () => this.#close())
    this.list.addEventListener('pointerdown', event => event.preventDefault()) // the words keep the focus
    this.list.addEventListener('click', event => this.#take(event.target.closest('[role=option]')))
  }

  get options() {
    return all('[role=option]', this.list)
  }

  get active() {
    return this.options.findIndex(option => option.getAttribute('aria-selected') === 'true')
  }

  // What was typed after the last @; null when the caret stands elsewhere.
  get typed() {
    const { selectionStart: at, selectionEnd, value } = this.area
    return at === selectionEnd ? CALLED.exec(value.slice(0, at))?.[1] ?? null : null
  }

  #look() {
    const { typed } = this
    const found = typed === null ? [] : this.names.filter(name => fits(name, folded(typed))).slice(0, MOST)
    if (!found.length) return this.#close()
    const known = this.options.length
    this.list.replaceChildren(...found.map((name, number) => this.#option(name, number)))
    this.list.hidden = false
    this.#go(0)
    if (found.length !== known) say(found.length === 1 ? this.number.one : this.number.many.replace('{n}', found.length))
  }

  #option(name, number) {
    const option = Object.assign(document.createElement('li'), { id: `${this.list.id}-${number}`, textContent: name, dir: 'auto' })
    option.setAttribute('role', 'option')
    return option
  }

  #go(to) {
    const { options } = this
    const next = options[(to + options.length) % options.length]
    for (const option of options) option.setAttribute('aria-selected', option === next)
    this.area.setAttribute('aria-activedescendant', next.id)
    next.scrollIntoView({ block: 'nearest' })
  }

  #press(event) {
    if (this.list.hidden || event.isComposing) return
    const act = {
      ArrowDown: () => this.#go(this.active + 1),
      ArrowUp: () => this.#go(this.active - 1),
      Enter: () => this.#take(this.options[this.active]),
      Escape: () => this.#close(),
    }[event.key]
    if (!act || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    event.stopPropagation() // Escape would close the comments
    act()
  }

  #take(option) {
    if (!option) return
    const { area, typed } = this
    const at = area.selectionStart
    area.setRangeText(`${option.textContent} `, at - typed.length, at, 'end')
    this.#close()
  }

  #close() {
    this.list.hidden = true
    this.list.replaceChildren()
    this.area.removeAttribute('aria-activedescendant')
  }
}

const folded = text => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
// A name by the beginning of any of its parts.
const fits = (name, typed) => folded(name) !== typed && ` ${folded(name)}`.includes(` ${typed}`)

whenever('#comments-part[data-people] textarea[name=words]', area => new Mentions(area))
