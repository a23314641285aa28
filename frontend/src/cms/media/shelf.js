// A sheet of files that is fetched anew in its place: other folders, other words, the next sheet.
import { all, one } from '../dom.js'

export class Shelf {
  constructor(place, address) {
    Object.assign(this, { place, address })
  }

  // Folders and further sheets are opened right here, where the screen around must stay.
  follow() {
    this.place.addEventListener('click', event => {
      const link = event.target.closest('.folders a, .shelf > .row a')
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
      event.preventDefault()
      this.show(link.href)
    })
    return this
  }

  // The folder that is open.
  get folder() {
    return one('.shelf', this.place)?.dataset.folder ?? ''
  }

  // Returns false when nothing came, or something newer was asked for meanwhile. Who was in here stays in here, and what
  // was chosen stays chosen as long as it is shown.
  async show(address) {
    this.asked = address
    const answer = await fetch(address, { headers: { 'HX-Request': 'true' } }).catch(() => null)
    const html = answer?.ok ? await answer.text() : null
    if (html === null || this.asked !== address) return false
    const held = this.place.contains(document.activeElement)
    const chosen = all('input:checked', this.place).map(box => box.value)
    this.place.innerHTML = html
    for (const box of all('input', this.place)) box.checked = chosen.includes(box.value)
    if (held) (all('.folders a[aria-current], .folders a, input, a', this.place)[0] ?? this.place).focus()
    return true
  }

  find(words, folder = this.folder) {
    const address = new URL(this.address, location.href)
    for (const [name, value] of Object.entries({ q: words, folder })) if (value) address.searchParams.set(name, value)
    return this.show(address.href)
  }
}
