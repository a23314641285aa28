// Where a passage stands among the words on the screen, by the rule of cityinfo/features/comments/rules.py.
const TELLING = 24
const LEAST_CONTEXT = 6
const CONTEXT = 40
const APART = 'p, h1, h2, h3, h4, h5, h6, li, td, th, div, blockquote, section, summary, figure, pre'
const SILENT = '.sr, del, label, button, textarea, details.addr-change, [contenteditable=false], .pair__foot, [hidden]'

// The words of some elements on one line, each character with the place in the document that it comes from. A title is
// written in a field of its own (`data-title`), whose words are no part of the document.
export function read(roots) {
  let text = ''
  const from = []
  const put = (sign, node, offset) => {
    if (sign === ' ' && (!text || text.endsWith(' '))) return
    text += sign
    from.push({ node, offset })
  }
  for (const root of roots) {
    const title = root.querySelector('textarea[data-title]')
    for (const [at, sign] of [...title?.value ?? ''].entries()) put(/\s/.test(sign) ? ' ' : sign, title, at)
    if (title) put(' ', title, title.value.length)
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
    let block = null
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement
      if (parent.closest(SILENT)) continue
      if (parent.closest(APART) !== block) put(' ', node, 0)
      block = parent.closest(APART)
      for (let at = 0; at < node.length; at += 1) put(/\s/.test(node.data[at]) ? ' ' : node.data[at], node, at)
    }
  }
  return { text, from }
}

// What is selected, with its neighbours; null when nothing of the words is.
export function selected({ text, from }, selection, most) {
  const chosen = (inField(from) ?? inDocument(from, selection)).slice(0, most)
  if (!chosen.length) return null
  const [start, end] = [chosen[0], chosen.at(-1) + 1]
  const quote = text.slice(start, end).trim()
  return quote && { quote, before: text.slice(0, start).trimEnd().slice(-CONTEXT), after: text.slice(end).trimStart().slice(0, CONTEXT) }
}

function inField(from) {
  const field = document.activeElement
  if (!field?.matches('textarea[data-title]') || field.selectionStart === field.selectionEnd) return null
  return from.flatMap(({ node, offset }, at) => (node === field && offset >= field.selectionStart && offset < field.selectionEnd ? [at] : []))
}

function inDocument(from, selection) {
  if (!selection.rangeCount || selection.isCollapsed) return []
  const range = selection.getRangeAt(0)
  const inside = ({ node, offset }) => !isField(node) && range.comparePoint(node, offset) === 0 && range.comparePoint(node, Math.min(offset + 1, node.length)) === 0
  return from.flatMap((place, at) => (inside(place) ? [at] : []))
}

// Where a passage is: a range of the document, or a stretch of the title's field; null when it has gone.
export function find({ text, from }, { quote, before, after }) {
  let best = null
  for (let at = text.indexOf(quote); at >= 0; at = text.indexOf(quote, at + 1)) {
    const alike = shared(reversed(before), reversed(text.slice(0, at).trimEnd())) + shared(after, text.slice(at + quote.length).trimStart())
    if (!best || alike > best.alike) best = { at, alike }
  }
  const least = quote.length < TELLING ? Math.min(LEAST_CONTEXT, before.length + after.length) : 0
  if (!best || best.alike < least) return null
  const [first, last] = [from[best.at], from[best.at + quote.length - 1]]
  if (isField(first.node)) return { field: first.node, start: first.offset, end: isField(last.node) ? last.offset + 1 : first.node.value.length }
  const range = document.createRange()
  range.setStart(first.node, first.offset)
  range.setEnd(last.node, last.offset + 1)
  return { range }
}

const isField = node => node.nodeType === Node.ELEMENT_NODE

const reversed = text => [...text].reverse().join('')

function shared(one, other) {
  let number = 0
  while (number < one.length && one[number] === other[number]) number += 1
  return number
}
