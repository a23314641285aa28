// Menus are <details>: they close with Escape, with a click elsewhere, and when another one opens.
import { all, one } from './dom.js'

const MENU = 'details.menu'
const close = menu => { menu.open = false }

document.addEventListener('toggle', event => {
  if (!event.target.matches?.(MENU) || !event.target.open) return
  all(`${MENU}[open]`).filter(menu => menu !== event.target).forEach(close)
}, true)
document.addEventListener('click', event => {
  all(`${MENU}[open]`).filter(menu => !menu.contains(event.target)).forEach(close)
})
document.addEventListener('keydown', event => {
  const menu = event.target.closest?.(MENU) ?? one(`${MENU}[open]`)
  if (!menu) return
  if (!menu.open) {
    if (event.key !== 'ArrowDown' || !event.target.matches('summary')) return
    menu.open = true
  }
  const items = all('.menu__panel :is(a, button)', menu)
  const at = items.indexOf(document.activeElement)
  const go = { ArrowDown: at + 1, ArrowUp: at < 0 ? items.length - 1 : at - 1, Home: 0, End: items.length - 1 }[event.key]
  if (event.key === 'Escape') {
    close(menu)
    one('summary', menu).focus()
  } else if (go !== undefined && menu.contains(event.target)) {
    items[(go + items.length) % items.length]?.focus()
  } else {
    return
  }
  event.preventDefault()
  event.stopPropagation()
})
