// What a text can hold in the editor: everything the server's allow-list keeps (cityinfo/kernel/html.py), so that opening
// and saving a text loses nothing. What people see little of (sections, definition lists, recordings) passes through.
import { Extension, Mark, Node } from '@tiptap/core'
import StarterKit from '@tiptap/starter-kit'
import Image from '@tiptap/extension-image'
import { Table, TableKit } from '@tiptap/extension-table'

const GLOBAL = ['dir', 'lang', 'title', 'translate', 'aria-label', 'aria-hidden', 'class']

const plain = name => ({
  [name]: {
    default: null,
    parseHTML: element => element.getAttribute(name),
    renderHTML: attributes => (attributes[name] === null ? {} : { [name]: attributes[name] }),
  },
})
const attributes = (...names) => Object.assign({}, ...names.map(plain))

// ---- blocks ----------------------------------------------------------------------------------------------------

const container = (name, content, tag = name, own = [], options = {}) =>
  Node.create({
    name,
    group: 'block',
    content,
    defining: true,
    addAttributes: () => attributes(...own),
    parseHTML: () => [{ tag }],
    renderHTML: ({ HTMLAttributes }) => [tag, HTMLAttributes, 0],
    ...options,
  })

const atom = (name, tag, own, options = {}) =>
  Node.create({
    name,
    group: 'block',
    atom: true,
    selectable: true,
    draggable: true,
    addAttributes: () => attributes(...own),
    parseHTML: () => [{ tag }],
    renderHTML: ({ HTMLAttributes }) => [tag, HTMLAttributes],
    ...options,
  })

const CONTAINERS = [
  container('division', 'block+', 'div'),
  container('section', 'block+'),
  container('address', 'block+'),
  container('figure', '(block | figcaption)+'),
  container('figcaption', 'inline*', 'figcaption', [], { group: '' }),
  container('details', 'summary? block*', 'details', ['open']),
  container('summary', 'inline*', 'summary', [], { group: '' }),
  container('definitions', '(term | definition)+', 'dl'),
  container('term', 'inline*', 'dt', [], { group: '' }),
  container('definition', 'block+', 'dd', [], { group: '' }),
]

const ATOMS = [
  atom('video', 'iframe', ['src', 'width', 'height', 'allowfullscreen']),
  atom('recording', 'audio', ['src', 'controls']),
]

// ---- words -----------------------------------------------------------------------------------------------------

const mark = (name, tag = name, own = []) =>
  Mark.create({
    name: `${name}Words`,
    addAttributes: () => attributes(...own),
    parseHTML: () => [{ tag }],
    renderHTML: ({ HTMLAttributes }) => [tag, HTMLAttributes, 0],
  })

const MARKS = [
  ...['sub', 'sup', 'small', 'mark', 'abbr', 'cite', 'q', 'bdi', 'bdo'].map(name => mark(name)),
  mark('time', 'time', ['datetime']),
]

// A stretch of words in another language, not to be translated, or shown as an icon.
export const Span = Mark.create({
  name: 'span',
  inclusive: false,
  excludes: '',
  parseHTML: () => [{ tag: 'span', getAttrs: element => GLOBAL.some(name => element.hasAttribute(name)) && null }],
  renderHTML: ({ HTMLAttributes }) => ['span', HTMLAttributes, 0],
  addCommands() {
    return { setLanguage: language => ({ tr }) => { setLanguage(tr, this.type, language); return true } }
  },
})

// Words are in one language: whatever they were said to be before goes, what else a span says stays.
function setLanguage(tr, type, language) {
  const { from, to } = tr.selection
  tr.doc.nodesBetween(from, to, (node, at) => {
    const [start, end] = [Math.max(from, at), Math.min(to, at + node.nodeSize)]
    for (const mark of node.marks.filter(mark => mark.type === type && mark.attrs.lang)) {
      const rest = { ...mark.attrs, lang: null, dir: null }
      tr.removeMark(start, end, mark)
      if (Object.values(rest).some(Boolean)) tr.addMark(start, end, type.create(rest))
    }
  })
  if (language) tr.addMark(from, to, type.create(language))
}

export const Link = Mark.create({
  name: 'link',
  inclusive: false,
  priority: 1000,
  addAttributes: () => attributes('href', 'hreflang'),
  parseHTML: () => [{ tag: 'a' }],
  renderHTML: ({ HTMLAttributes }) => ['a', HTMLAttributes, 0],
  addCommands: () => ({
    setLink: attributes => ({ chain }) => chain().setMark('link', attributes).run(),
    unsetLink: () => ({ chain }) => chain().unsetMark('link', { extendEmptyMarkRange: true }).run(),
  }),
})

// Pictures stand in the text as `media:ID`; browsers are given an address of ours that shows the file.
export const Picture = Image.extend({
  inline: true,
  group: 'inline',
  addAttributes: () => attributes('src', 'alt', 'width', 'height'),
  addOptions() {
    return { ...this.parent?.(), inline: true, shown: source => source }
  },
  renderHTML({ HTMLAttributes }) {
    return ['img', HTMLAttributes]
  },
  addNodeView() {
    return ({ node, HTMLAttributes }) => {
      const dom = document.createElement('img')
      for (const [name, value] of Object.entries(HTMLAttributes)) dom.setAttribute(name, value)
      dom.src = this.options.shown(node.attrs.src)
      dom.dataset.media = node.attrs.src
      return { dom }
    }
  },
})

// A contact stands in the text by its identity and is written out for readers. `shown` gives the words editors see.
export const ContactCard = Node.create({
  name: 'contactCard',
  group: 'block',
  atom: true,
  draggable: true,
  addOptions: () => ({ shown: async () => '' }),
  addAttributes: () => attributes('entry', 'show'),
  parseHTML: () => [{ tag: 'contact-card' }],
  renderHTML: ({ HTMLAttributes }) => ['contact-card', HTMLAttributes],
  addNodeView() {
    return ({ node }) => {
      const dom = document.createElement('div')
      dom.className = 'card-in-text'
      dom.contentEditable = 'false'
      this.options.shown(node.attrs).then(words => { dom.replaceChildren(words) })
      return { dom }
    }
  },
})

// ---- lists, tables, paragraphs ---------------------------------------------------------------------------------

// Words that stand directly in a list item or a cell get a paragraph here and lose it again on the way out: a text that
// was only looked at must come back as it was.
const Paragraph = Extension.create({
  name: 'bareParagraphs',
  addGlobalAttributes: () => [{
    types: ['paragraph'],
    attributes: {
      bare: {
        default: true,
        parseHTML: () => false,
        renderHTML: ({ bare }) => (bare ? { 'data-bare': '' } : {}),
        keepOnSplit: true,
      },
    },
  }],
})

const OwnAttributes = Extension.create({
  name: 'ownAttributes',
  addGlobalAttributes: () => [
    { types: ['orderedList'], attributes: attributes('reversed', 'type') },
    { types: ['listItem'], attributes: attributes('value') },
    { types: ['tableHeader'], attributes: attributes('scope') },
  ],
})

const EVERYWHERE = [
  ...['paragraph', 'heading', 'bulletList', 'orderedList', 'listItem', 'blockquote', 'table', 'tableRow', 'tableCell', 'tableHeader'],
  ...['image', 'contactCard', 'codeBlock', 'link', 'span', 'bold', 'italic', 'underline', 'strike', 'code'],
  ...[...CONTAINERS, ...ATOMS, ...MARKS].map(extension => extension.name),
]
const GlobalAttributes = Extension.create({
  name: 'globalAttributes',
  addGlobalAttributes: () => [{ types: EVERYWHERE, attributes: attributes(...GLOBAL) }],
})

// The original writes widths as styles, which our policy for contents forbids and texts do not keep.
const PlainTable = Table.extend({
  renderHTML: ({ HTMLAttributes }) => ['table', HTMLAttributes, ['tbody', 0]],
}).configure({ resizable: false, allowTableNodeSelection: true })
const Tables = [PlainTable, TableKit.configure({ table: false })]

export function extensions({ shownMedia, shownContact }) {
  return [
    StarterKit.configure({ link: false, heading: { levels: [2, 3, 4, 5, 6] }, trailingNode: false, codeBlock: { HTMLAttributes: {} } }),
    ...Tables,
    Picture.configure({ shown: shownMedia }),
    ContactCard.configure({ shown: shownContact }),
    Link,
    Span,
    Paragraph,
    OwnAttributes,
    ...CONTAINERS,
    ...ATOMS,
    ...MARKS,
    GlobalAttributes,
  ]
}

export function parsed(html) {
  const template = document.createElement('template')
  template.innerHTML = html
  return template
}

// By which it is told whether the editor holds every word of a text.
export const wordsOf = html => parsed(html).content.textContent.replace(/\s+/g, '')

// The HTML to keep of what the editor holds.
export function written(html) {
  const template = parsed(html)
  for (const paragraph of template.content.querySelectorAll('p[data-bare]')) bare(paragraph)
  for (const group of template.content.querySelectorAll('colgroup')) group.remove()
  for (const cell of template.content.querySelectorAll('td, th')) single(cell)
  for (const styled of template.content.querySelectorAll('[style]')) styled.removeAttribute('style')
  return template.innerHTML
}

function single(cell) {
  for (const name of ['colspan', 'rowspan']) if (cell.getAttribute(name) === '1') cell.removeAttribute(name)
}

function bare(paragraph) {
  paragraph.removeAttribute('data-bare')
  const inside = paragraph.parentElement?.matches('li, td, th, dd, div, section, address, details, blockquote, figure')
  const after = paragraph.previousSibling
  const alone = !after || (after.nodeType === 1 && after.tagName !== 'P')
  if (inside && alone && !paragraph.attributes.length) paragraph.replaceWith(...paragraph.childNodes)
}
