// Keys that hold on every screen. All of them stand on the page “Working by keyboard” (cms/keys).
import { one } from './dom.js'

document.addEventListener('keydown', event => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return
  if (event.key === 'k' && !event.target.closest?.('.prose')) {
    event.preventDefault()
    one('#find')?.focus()
  } else if (event.key === 'Enter') {
    const primary = one('[data-primary]')
    if (!primary) return
    event.preventDefault()
    primary.click()
  }
})
