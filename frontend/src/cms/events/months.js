// The months of an event: a click leaves a date out, brings it back, adds or drops one. What is shown afterwards is
// what the server says; until then a day looks as it will. Without a script each day sends the whole form.
import { all, one, whenever } from '../dom.js'

const NAMES = { out: 'off', back: 'off', add: 'plus', drop: 'plus' }
const NEXT = { out: ['off', 'back'], back: ['on', 'out'], add: ['plus', 'drop'], drop: ['free', 'add'] }
const DAYS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }
let last = ''
let turned = ''

document.addEventListener('click', event => {
  const button = event.target.closest?.('#exceptions button[name=do]')
  if (!button) return
  event.preventDefault()
  const [, act, ...rest] = button.value.split(':')
  const key = rest.join(':')
  if (act === 'month') {
    turned = button.id
    one('#exceptions input[name=month]').value = key
  } else mark(button, act, key)
  button.form.dispatchEvent(new Event('input', { bubbles: true }))
  button.form.dispatchEvent(new Event('change', { bubbles: true }))
})

function mark(button, act, key) {
  const form = button.form
  if (act === 'out' || act === 'add') put(form, NAMES[act], key)
  else take(form, NAMES[act], key)
  if (act === 'drop' && key.startsWith(form.elements.extra.value)) form.elements.extra.value = ''
  const [state, next] = NEXT[act]
  button.classList.remove('on', 'off', 'plus', 'free')
  button.classList.add(state)
  button.value = `show:${next}:${key}`
}

const fields = (form, name, key) => [...form.elements].filter(field => field.name === name && field.value === key)

function put(form, name, key) {
  const box = fields(form, name, key).find(field => field.type === 'checkbox')
  if (box) {
    box.checked = true
    return
  }
  const input = Object.assign(document.createElement('input'), { type: 'hidden', name, value: key })
  one('#exceptions').append(input)
  input.setAttribute('form', form.id)
}

function take(form, name, key) {
  for (const field of fields(form, name, key)) {
    if (field.type === 'checkbox') field.checked = false
    else field.remove()
  }
}

// An answer to what was typed before would undo what is typed now.
whenever('form[data-live]', form => form.addEventListener('change', () => {
  form.dispatchEvent(new CustomEvent('htmx:abort', { bubbles: true, detail: {} }))
}))

// The days are one stop of the Tab key; arrows go from day to day.
whenever('.months', months => {
  const days = all('button[data-day]', months)
  for (const table of all('table', months)) table.setAttribute('role', 'grid')
  const first = days.find(day => day.id === last) ?? days.find(day => day.matches('.on, .off, .plus')) ?? days[0]
  for (const day of days) day.tabIndex = day === first ? 0 : -1
  // At the first month nothing leads further back: whoever came this way stays beside it.
  if (turned && !one(`#${turned}`)) one('#later-months, #earlier-months')?.focus()
  turned = ''
  months.addEventListener('focusin', event => {
    if (!event.target.dataset.day) return
    last = event.target.id
    for (const day of days) day.tabIndex = day === event.target ? 0 : -1
  })
  months.addEventListener('keydown', event => {
    const to = target(event, days)
    if (!to) return
    event.preventDefault()
    to.focus()
  })
})

function target(event, days) {
  const from = event.target.dataset.day
  if (!from || event.altKey || event.ctrlKey || event.metaKey) return null
  if (event.key === 'Home') return days[0]
  if (event.key === 'End') return days.at(-1)
  const step = DAYS[event.key]
  if (!step) return null
  const day = new Date(`${from}T12:00:00Z`)
  for (let tries = 0; tries < 70; tries += 1) {
    day.setUTCDate(day.getUTCDate() + step)
    const found = days.find(one => one.dataset.day === day.toISOString().slice(0, 10))
    if (found) return found
  }
  return null
}
