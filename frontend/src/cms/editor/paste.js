import { Extension } from '@tiptap/core'
import { Plugin, PluginKey } from '@tiptap/pm/state'

// What comes from Word and from web pages keeps its words and their order, and nothing of how it looked there.
const GONE = 'script, style, meta, link, title, xml, noscript, template, svg, canvas, button, form, input, select, textarea, object, embed'
const BLOCKS = 'p, h1, h2, h3, h4, h5, h6, ul, ol, table, blockquote, pre, div, section, article, dl, hr, details'
const KEPT = new Set(['href', 'src', 'alt', 'colspan', 'rowspan', 'scope', 'lang', 'dir', 'entry', 'show', 'start', 'aria-hidden', 'data-pm-slice'])
const OURS = new Set(['note', 'icon', 'notranslate'])

// After the extension for office, which makes lists of what Word writes as paragraphs.
export const CleanPaste = Extension.create({
  name: 'cleanPaste',
  priority: 1,
  addProseMirrorPlugins: () => [new Plugin({ key: new PluginKey('cleanPaste'), props: { transformPastedHTML: cleaned } })],
})

export function cleaned(html) {
  const page = new DOMParser().parseFromString(html, 'text/html')
  if (page.querySelector('[data-pm-slice]')) return html // our own editor
  for (const gone of page.querySelectorAll(GONE)) gone.remove()
  for (const element of page.body.querySelectorAll('*')) tidy(element)
  for (const paragraph of page.body.querySelectorAll('p, h1, h2, h3, h4, h5, h6, span')) if (isEmpty(paragraph)) paragraph.remove()
  return page.body.innerHTML
}

function tidy(element) {
  bold(element)
  for (const { name } of [...element.attributes]) {
    if (name === 'class') keepOurs(element)
    else if (!KEPT.has(name)) element.removeAttribute(name)
  }
  if (element.matches('a') && !/^(https?:|mailto:|tel:|sms:|entry:|media:)/.test(element.getAttribute('href') ?? '')) unwrap(element)
  else if (element.matches('img') && !/^(media|icon):/.test(element.getAttribute('src') ?? '')) element.remove() // a file of ours, or none
  else if (element.matches('h1')) rename(element, 'h2')
  else if (element.matches('div, center') && !element.querySelector(BLOCKS)) rename(element, 'p')
  else if (element.matches('font, center, article, main, header, footer, nav, aside, div, section') || element.localName.includes(':')) unwrap(element)
  else if (element.matches('ul, ol') && element.parentElement?.matches('ul, ol')) element.previousElementSibling?.append(element)
}

// What Google Docs and Word write as a style is said by an element here. Docs wrap everything in <b> of no weight.
function bold(element) {
  const { fontWeight, fontStyle } = element.style ?? {}
  if (element.matches('b, strong') && fontWeight === 'normal') unwrap(element)
  else if (element.matches('span') && (fontWeight === 'bold' || Number(fontWeight) >= 600)) wrapInside(element, 'strong')
  if (element.matches('span') && fontStyle === 'italic') wrapInside(element, 'em')
}

const isEmpty = element => !element.textContent.trim() && !element.querySelector('img, br, contact-card')

function keepOurs(element) {
  const kept = [...element.classList].filter(name => OURS.has(name))
  if (kept.length) element.className = kept.join(' ')
  else element.removeAttribute('class')
}

function wrapInside(element, tag) {
  const inner = element.ownerDocument.createElement(tag)
  inner.append(...element.childNodes)
  element.append(inner)
}

function rename(element, tag) {
  const other = element.ownerDocument.createElement(tag)
  other.append(...element.childNodes)
  element.replaceWith(other)
}

const unwrap = element => element.replaceWith(...element.childNodes)
