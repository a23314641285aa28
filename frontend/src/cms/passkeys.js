// Passkeys: asks the browser what the server wants to know, and sends its answer with the form.
import { csrf } from './csrf.js'
import { one, whenever } from './dom.js'

const known = globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON !== undefined

if (known) whenever('form[data-passkey]', form => {
  form.hidden = false
  form.addEventListener('submit', event => {
    if (form.elements.passkey.value) return
    event.preventDefault() // Enter in a field means the button
    void answer(form)
  })
  one('button', form).addEventListener('click', () => void answer(form))
})

async function answer(form) {
  const failure = one('[data-failure]', form)
  failure.hidden = true
  try {
    const { challenge, options } = await question(form)
    form.elements.challenge.value = challenge
    form.elements.passkey.value = JSON.stringify(await ask(form, options))
  } catch {
    form.elements.passkey.value = ''
    failure.hidden = false
    return
  }
  form.requestSubmit()
}

// The second step of a login brings the question along; everywhere else it is asked for.
async function question(form) {
  if (form.dataset.question) return { challenge: form.elements.challenge.value, options: JSON.parse(form.dataset.question) }
  const headers = { Accept: 'application/json', 'X-CSRF-TOKEN': csrf() }
  const response = await fetch(form.dataset.passkey, { method: 'POST', headers, body: new URLSearchParams(new FormData(form)) })
  if (!response.ok) throw new Error(`refused with ${response.status}`)
  return response.json()
}

async function ask(form, options) {
  const credential = 'new' in form.dataset
    ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
    : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) })
  return credential.toJSON()
}
