// Letters lead through the updates from the template, only while the focus is inside of them and not in a field.
import { all, one, whenever } from '../dom.js'

const TYPES = 'textarea, select, input:not([type=radio], [type=checkbox])'

const letter = event =>
  event.ctrlKey || event.metaKey || event.altKey || event.target.closest(TYPES) ? '' : event.key.toLowerCase()

whenever('[data-inbox]', inbox => inbox.addEventListener('keydown', event => {
  const press = { j: '[data-after]', k: '[data-before]', a: '[data-accept]' }[letter(event)]
  if (press) one(press)?.click()
}))

whenever('[data-inbox-list]', list => list.addEventListener('keydown', event => {
  const step = { j: 1, k: -1 }[letter(event)]
  if (!step) return
  const links = all('h2 a', list)
  const at = links.findIndex(link => link.closest('.item').contains(document.activeElement))
  links[at + step]?.focus()
}))
