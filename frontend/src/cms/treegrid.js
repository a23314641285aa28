// The page tree: one stop of the Tab key, arrows inside it, moves by keys, menu or mouse. The server answers every change
// with the rows as they stand now; nothing is shown that it has not done.
import { csrf } from './csrf.js'
import { all, one, say, whenever } from './dom.js'

class Tree {
  constructor(table) {
    this.table = table
    this.body = one('tbody', table)
    this.address = table.dataset.tree
    // What was opened stays open when it is empty for a moment, or stands somewhere else.
    this.opened = new Set(new URLSearchParams(location.search).get('open')?.split('.').filter(Boolean))
    this.menu = one('#row-menu')
    table.addEventListener('keydown', event => this.#press(event))
    table.addEventListener('click', event => this.#click(event))
    table.addEventListener('focusin', event => this.#remember(event.target.closest('tbody tr')))
    document.addEventListener('keydown', event => this.#undoKey(event))
    document.addEventListener('click', event => { if (!event.target.closest('#row-menu, [data-row-menu]')) this.#closeMenu() })
    new Dragging(this)
    this.#leaveTabStops()
  }

  rows() {
    return all('tr', this.body)
  }


  // ---- what is shown --------------------------------------------------------------------------------------------

  async toggle(row, open) {
    if (open) this.opened.add(row.dataset.id)
    else this.#inside(row).concat(row).forEach(one => this.opened.delete(one.dataset.id))
    const answer = await this.#look(row.dataset.id)
    if (!answer?.ok) await this.#failed(answer)
  }

  // The rows as they stand now.
  async #look(current) {
    this.body.setAttribute('aria-busy', 'true')
    const answer = await fetch(this.#here(), { headers: { 'HX-Request': 'true' } }).catch(() => null)
    if (answer?.ok) this.#show(await answer.text(), current)
    return answer
  }

  #here() {
    return `${this.address}?open=${[...this.opened].join('.')}`
  }

  // `opens` is a branch that something is moved into: it would be out of sight there, and the focus with it.
  async send(path, values, opens) {
    if (opens) this.opened.add(opens)
    this.body.setAttribute('aria-busy', 'true')
    const body = new URLSearchParams({ ...values, open: [...this.opened].join('.') })
    const headers = { 'HX-Request': 'true', 'X-CSRF-TOKEN': csrf() }
    const answer = await fetch(path, { method: 'POST', body, headers }).catch(() => null)
    if (!answer?.ok) {
      if (answer) await this.#look(this.current) // someone else was faster: what they did is seen here
      return this.#failed(answer)
    }
    const said = decodeURIComponent(answer.headers.get('X-Said') ?? '')
    this.undo = answer.headers.get('X-Undo') ?? ''
    this.#show(await answer.text(), this.current)
    this.#notice(said)
  }

  // Leads to a page's own address below the tree's.
  act(row, what, values = {}) {
    this.current = row.dataset.id
    const opens = values.way === 'in' ? this.before(row)?.dataset.id : values.after === 'last' ? values.under : null
    return this.send(`${this.address}/${row.dataset.id}/${what}`, { revision: row.dataset.revision, ...values }, opens)
  }

  // The row before this one on the same level of the same branch.
  before(row, without = row) {
    const above = this.rows().slice(0, this.rows().indexOf(row)).reverse()
    return above.find(other => other !== without && other.dataset.parent === row.dataset.parent)
  }

  #show(html, current) {
    this.body.innerHTML = html
    history.replaceState(null, '', this.#here())
    this.body.removeAttribute('aria-busy')
    for (const hidden of all('[data-script][hidden]', this.body)) hidden.hidden = false
    this.#leaveTabStops()
    const row = this.rows().find(row => row.dataset.id === current) ?? this.rows()[0]
    if (row) this.focus(row)
    this.table.dispatchEvent(new CustomEvent('rows', { bubbles: true }))
  }

  async #failed(answer) {
    this.body.removeAttribute('aria-busy')
    const place = one('#notices')
    if (answer) place.innerHTML = await answer.text()
    else place.textContent = this.table.dataset.offline
    place.scrollIntoView({ block: 'nearest' })
  }

  #notice(said) {
    const place = one('#notices')
    place.replaceChildren()
    if (!said) return
    say(said)
    const note = document.createElement('div')
    note.className = 'kern-alert kern-alert--success'
    const words = document.createElement('p')
    words.className = 'small grow'
    words.append(Object.assign(document.createElement('strong'), { textContent: said }))
    note.append(words)
    if (this.undo) note.append(this.#undoButton())
    place.append(note)
  }

  #undoButton() {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'kern-btn kern-btn--tertiary kern-btn--sm'
    button.append(Object.assign(document.createElement('span'), { className: 'kern-label', textContent: this.table.dataset.undo }))
    button.addEventListener('click', () => this.takeBack())
    return button
  }

  takeBack() {
    if (this.undo) this.send(this.undo, {})
  }

  // Without scripts every link is a stop of the Tab key; with them the arrows lead there.
  #leaveTabStops() {
    for (const link of all('a', this.body)) link.tabIndex = -1
  }

  // ---- keys -----------------------------------------------------------------------------------------------------

  focus(row) {
    this.#remember(row)
    row.focus()
  }

  #remember(row) {
    if (!row) return
    for (const other of this.rows()) other.tabIndex = other === row ? 0 : -1
    this.current = row.dataset.id
  }

  #press(event) {
    const row = event.target.closest('tbody tr')
    if (!row || event.ctrlKey || event.metaKey || event.target.closest('#row-menu')) return
    const act = (event.altKey ? this.#moves(row) : this.#steps(row, event.target))[event.key]
    if (!act) return
    event.preventDefault()
    act()
  }

  #moves(row) {
    const way = name => () => this.act(row, 'move', { way: name })
    return { ArrowUp: way('up'), ArrowDown: way('down'), ArrowRight: way('in'), ArrowLeft: way('out') }
  }

  #steps(row, target) {
    const rows = this.rows()
    const at = rows.indexOf(row)
    const go = to => to && this.focus(to)
    const onRow = target === row
    const open = row.getAttribute('aria-expanded')
    const stops = all('input, a, [data-row-menu]', row)
    const stop = stops.indexOf(target)
    const steps = {
      ArrowDown: () => go(rows[at + 1]),
      ArrowUp: () => go(rows[at - 1]),
      Home: () => go(rows[0]),
      End: () => go(rows.at(-1)),
      ArrowRight: () => (onRow && open === 'false' ? this.toggle(row, true) : (stops[stop + 1] ?? row).focus()),
      ArrowLeft: () => (!onRow ? (stops[stop - 1] ?? row).focus() : open === 'true' ? this.toggle(row, false) : go(this.#parent(row))),
      Escape: () => row.focus(),
    }
    if (!onRow) return steps
    return {
      ...steps,
      ' ': () => one('input[type=checkbox]', row)?.click(),
      Enter: () => one('.node a', row)?.click(),
      n: () => this.table.dataset.new && location.assign(`${this.table.dataset.new}?under=${row.dataset.id}`),
    }
  }

  #undoKey(event) {
    const typing = event.target.closest?.('input:not([type=checkbox]), textarea, [contenteditable=true]')
    if (event.key !== 'z' || !(event.ctrlKey || event.metaKey) || typing || !this.undo) return
    event.preventDefault()
    this.takeBack()
  }

  #parent(row) {
    const above = this.rows().slice(0, this.rows().indexOf(row)).reverse()
    return above.find(other => level(other) < level(row))
  }

  #inside(row) {
    const found = []
    for (let next = row.nextElementSibling; next && level(next) > level(row); next = next.nextElementSibling) found.push(next)
    return found
  }

  // ---- mouse ----------------------------------------------------------------------------------------------------

  #click(event) {
    const row = event.target.closest('tbody tr')
    if (!row) return
    const opener = event.target.closest('[data-row-menu]')
    const chosen = event.target.closest('#row-menu button')
    if (event.target.closest('button.twist')) this.toggle(row, row.getAttribute('aria-expanded') !== 'true')
    else if (opener) this.#openMenu(opener)
    else if (chosen) this.#choose(row, chosen)
  }

  #openMenu(opener) {
    const again = opener.getAttribute('aria-expanded') === 'true'
    this.#closeMenu()
    if (again) return
    opener.setAttribute('aria-expanded', 'true')
    opener.after(this.menu)
    this.menu.hidden = false
    one('button', this.menu).focus()
    this.menu.onkeydown = event => this.#inMenu(event, opener)
  }

  #inMenu(event, opener) {
    const items = all('button', this.menu)
    const at = items.indexOf(document.activeElement)
    if (event.key === 'Escape' || event.key === 'Tab') {
      this.#closeMenu()
      opener.focus()
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      items[(at + (event.key === 'ArrowDown' ? 1 : -1) + items.length) % items.length].focus()
    } else return
    event.preventDefault()
    event.stopPropagation()
  }

  #closeMenu() {
    if (!this.menu || this.menu.hidden) return
    this.menu.hidden = true
    one('[data-row-menu][aria-expanded=true]', this.table)?.setAttribute('aria-expanded', 'false')
    one('#bulk').before(this.menu) // rows are replaced, the menu stays
  }

  #choose(row, item) {
    this.#closeMenu()
    if (item.dataset.way) this.act(row, 'move', { way: item.dataset.way })
    else this.act(row, item.dataset.do)
  }
}

// Pages are dragged before, below or into others.
class Dragging {
  constructor(tree) {
    this.tree = tree
    tree.table.addEventListener('dragstart', event => this.#start(event))
    tree.table.addEventListener('dragover', event => this.#over(event))
    tree.table.addEventListener('drop', event => this.#drop(event))
    tree.table.addEventListener('dragend', () => this.#end())
  }

  #start(event) {
    this.row = event.target.closest('tbody tr')
    event.dataTransfer.effectAllowed = 'move'
    event.dataTransfer.setData('text/plain', this.row.dataset.id)
    this.row.classList.add('is-dragged')
  }

  #over(event) {
    const target = event.target.closest('tbody tr')
    if (!this.row || !target || target === this.row) return
    event.preventDefault()
    const { top, height } = target.getBoundingClientRect()
    const part = (event.clientY - top) / height
    this.#mark(target, part < 0.3 ? 'before' : part > 0.7 ? 'after' : 'into')
  }

  #mark(target, where) {
    this.#unmark()
    Object.assign(this, { target, where })
    target.classList.add(`drop-${where}`)
  }

  #unmark() {
    this.target?.classList.remove('drop-before', 'drop-after', 'drop-into')
  }

  #drop(event) {
    event.preventDefault()
    if (this.row && this.target) this.tree.act(this.row, 'move', this.#place())
    this.#end()
  }

  #place() {
    const { target, where } = this
    const under = where === 'into' ? target.dataset.id : target.dataset.parent
    if (where === 'into') return { under, after: 'last' }
    if (where === 'after') return { under, after: target.dataset.id }
    return { under, after: this.tree.before(target, this.row)?.dataset.id ?? 'first' }
  }

  #end() {
    this.#unmark()
    this.row?.classList.remove('is-dragged')
    this.row = this.target = null
  }
}

// The bar at the bottom appears with the first selected row and counts.
class Selection {
  constructor(table) {
    this.table = table
    this.bar = one('#bulk')
    table.addEventListener('change', () => this.count())
    table.addEventListener('rows', () => this.count())
    table.closest('form').addEventListener('reset', () => requestAnimationFrame(() => this.count()))
    this.count()
  }

  count() {
    const boxes = all('tbody input[type=checkbox]', this.table)
    for (const box of boxes) box.closest('tr').setAttribute('aria-selected', box.checked)
    const number = boxes.filter(box => box.checked).length
    this.bar.hidden = !number
    const { one: single, many } = this.table.dataset
    one('[data-count]', this.bar).textContent = number === 1 ? single : many.replace('{n}', number)
  }
}

const level = row => Number(row.getAttribute('aria-level'))

whenever('table[data-tree]', table => new Tree(table))
whenever('table.tree', table => new Selection(table))
