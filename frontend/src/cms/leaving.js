// What was typed into a form and not saved is not left without a question.
import { whenever } from './dom.js'

whenever('form[data-unsaved]', form => {
  let typed = false
  form.addEventListener('input', () => { typed = true })
  form.addEventListener('submit', () => { typed = false })
  window.addEventListener('beforeunload', event => { if (typed) event.preventDefault() })
})
