// Small services around fields.
import { all, one, whenever } from './dom.js'

whenever('[data-shows]', box => box.addEventListener('change', () => {
  one(`#${box.dataset.shows}`).type = box.checked ? 'text' : 'password'
}))

// Titles grow with their words.
whenever('textarea[rows="1"]', area => {
  const fit = () => {
    area.style.blockSize = 'auto'
    area.style.blockSize = `${area.scrollHeight}px`
  }
  area.addEventListener('input', fit)
  document.fonts.ready.then(fit)
})

// The language that is open is in sight among many.
one('.langtabs [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })

// What only a script can do is shown only where scripts run.
for (const element of all('[data-script][hidden]')) element.hidden = false
whenever('[data-script]', element => { element.hidden = false })

// Enter in a field that finds something to choose looks for it; elsewhere it saves the form.
whenever('[data-finds]', input => input.addEventListener('keydown', event => {
  if (event.key !== 'Enter') return
  event.preventDefault()
  one(`#${input.dataset.finds}`).click()
}))
