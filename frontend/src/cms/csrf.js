// Forms carry the value of the login that was valid when the screen was opened. Another login may have come since.
const fresh = () => /(?:^|; )csrf_access_token=([^;]*)/.exec(document.cookie)?.[1] ?? ''

export const csrf = fresh

document.addEventListener('submit', event => {
  const field = event.target.elements?.csrf_token
  if (field) field.value = fresh()
}, true)
document.addEventListener('htmx:configRequest', event => { event.detail.headers['X-CSRF-TOKEN'] = fresh() })
