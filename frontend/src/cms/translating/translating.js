// The screen of a translation: passages become editors when someone goes to them, and are kept as the editor keeps texts.
import { all, one, say } from '../dom.js'
import { Dialogs } from '../editor/dialogs.js'
import { Tools } from '../editor/tools.js'
import { Desk } from '../writing/desk.js'
import { Passage, joined } from './passage.js'

const form = one('#writing')

class TranslationDesk extends Desk {
  // What the server is sent when a version is saved: passage by passage.
  sent() {
    return { ...this.read(), shown: form.elements.shown.value, passages: passages.map(passage => passage.values) }
  }

  async save() {
    for (const passage of passages) passage.answer()
    await super.save()
    if (this.state.dataset.state === 'saved') ticked = false
    return this.state.dataset.state === 'saved'
  }

  show(state, about) {
    super.show(state, about)
    if (state === 'saved' && takenOver !== null) {
      this.saving.left = true
      location.assign(form.dataset.kept) // words that came from elsewhere are laid beside the source by the server
    }
  }
}

let takenOver = null
let ticked = false
const title = one('#t0')
const passages = all('.pair', form).map((element, number) => new Passage(element, { number, changed: () => desk.typed(), save: () => desk.save(), dialog, shown: form.dataset }))
const words = {
  title,
  read: () => takenOver ?? joined(passages.slice(1)),
  replace: content => { takenOver = content },
}
const desk = new TranslationDesk(form, words)
let dialogs

function dialog(name, editor) {
  dialogs ??= new Dialogs(editor, form.dataset)
  dialogs.editor = editor
  dialogs.open(name)
}

// The tools work on the passage that is being written, also while they have the focus themselves or ask something.
const tools = one('[role=toolbar]') && new Tools({ open: name => dialog(name, tools.editor) })
const isTool = element => Boolean(element?.closest?.('[role=toolbar], dialog'))
form.addEventListener('focusin', event => {
  const element = event.target.closest('.pair')
  if (element && tools) tools.attach(passages.find(passage => passage.element === element).editor ?? null)
})

// ---- what is open ----------------------------------------------------------------------------------------------

const waiting = () => passages.filter(passage => passage.isOpen)

function count() {
  const shown = passages.filter(passage => passage.isShown)
  const left = waiting().length
  const place = one('#progress')
  one('.prog progress').value = shown.length - left
  place.textContent = place.dataset.of.replace('{n}', shown.length - left).replace('{all}', shown.length)
  const rest = one('#left')
  rest.textContent = { 0: rest.dataset.none, 1: rest.dataset.one }[left] ?? rest.dataset.many.replace('{n}', left)
}

function here() {
  const element = document.activeElement?.closest?.('.pair')
  return passages.findIndex(passage => passage.element === element)
}

function go(step) {
  const open = waiting()
  const at = here()
  const next = step > 0
    ? open.find(passage => passage.number > at) ?? open[0]
    : open.findLast(passage => at < 0 || passage.number < at) ?? open.at(-1)
  if (next) next.focus()
  else {
    (one('[data-publish]') ?? one('[data-save]'))?.focus()
    say(one('#left').textContent)
  }
}

form.addEventListener('change', event => {
  if (event.target.name !== 'settled') return
  ticked = true
  count()
  if (event.target.checked) say(one('#progress').textContent)
})
form.addEventListener('focusout', event => {
  const passage = passages.find(({ element }) => element.contains(event.target))
  if (!passage || passage.element.contains(event.relatedTarget) || isTool(event.relatedTarget) || !passage.answer()) return
  ticked = true
  count()
})
title.addEventListener('input', () => desk.typed())

// ---- keys ------------------------------------------------------------------------------------------------------

document.addEventListener('keydown', event => {
  if (document.querySelector('dialog[open]')) return
  if (event.altKey && event.key === 'F10' && tools?.editor) {
    event.preventDefault()
    tools.focus()
  } else if (event.altKey && !event.ctrlKey && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
    event.preventDefault()
    go(event.key === 'ArrowDown' ? 1 : -1)
  } else if (event.altKey && !event.ctrlKey && event.code === 'KeyN') {
    event.preventDefault()
    one('[data-next]')?.click()
  } else if ((event.ctrlKey || event.metaKey) && event.key === 'Enter') {
    event.preventDefault()
    const passage = passages[here()]
    if (passage?.isOpen) passage.tick()
    go(1)
  }
}, true)

// The next text is opened once this one is saved, so that what was decided about passages comes along.
for (const link of all('[data-next]')) {
  link.addEventListener('click', async event => {
    if (!desk.saving.dirty && !ticked && !passages.some(passage => passage.isUnanswered)) return
    event.preventDefault()
    if (!await desk.save()) return
    desk.saving.left = true
    location.assign(link.href)
  })
}
addEventListener('beforeunload', event => { if (ticked && !desk.saving.left) event.preventDefault() })
form.addEventListener('submit', () => { for (const passage of passages) passage.answer(); ticked = false })

count()
desk.begin(null)
performance.mark('ready')
document.documentElement.dataset.ready = 'true'
