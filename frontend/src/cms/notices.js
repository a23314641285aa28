// What was just done is said and leaves by itself, unless someone is reading it. What went wrong gets the focus and stays.
import { say, whenever } from './dom.js'

whenever('[data-leaves]', notice => {
  let timer
  const leave = () => { timer = setTimeout(() => notice.remove(), Number(notice.dataset.leaves) * 1000) }
  const stay = () => clearTimeout(timer)
  for (const enter of ['pointerenter', 'focusin']) notice.addEventListener(enter, stay)
  for (const left of ['pointerleave', 'focusout']) notice.addEventListener(left, leave)
  leave()
})
whenever('[data-focus]', element => element.focus())

// What a screen follows by itself is told when it changes, to people who do not see it.
let told = ''
whenever('[data-tells]', place => {
  const words = place.textContent.trim()
  if (told && told !== words) say(words)
  told = words
})
