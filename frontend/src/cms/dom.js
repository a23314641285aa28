// The few words that all modules speak.
export const one = (selector, within = document) => within.querySelector(selector)
export const all = (selector, within = document) => [...within.querySelectorAll(selector)]

// Runs `start` for what is on the screen now and for what htmx brings later, once for each element.
export function whenever(selector, start) {
  const begun = new WeakSet()
  const look = within => {
    for (const element of all(selector, within)) {
      if (begun.has(element)) continue
      begun.add(element)
      start(element)
    }
  }
  look(document)
  document.addEventListener('htmx:load', event => look(event.target.parentElement ?? document))
}

// Tells people who do not see the screen.
export function say(text) {
  const place = one('#said')
  place.textContent = ''
  requestAnimationFrame(() => { place.textContent = text })
}
