// Shows in the text what the advice beside it is about, and leads there. Nothing of it is kept in the text.
import { Extension } from '@tiptap/core'
import { Plugin, PluginKey, TextSelection } from '@tiptap/pm/state'
import { Decoration, DecorationSet } from '@tiptap/pm/view'

const key = new PluginKey('marks')
const plain = text => text.replace(/\s/g, ' ')

// Where in the text a flaw is: pairs of positions.
const PLACES = {
  link(doc, words) {
    return runs(doc).filter(({ text }) => plain(text).trim() === words)
  },
  heading(doc, words) {
    return nodes(doc, node => node.type.name === 'heading' && plain(node.textContent).trim() === words)
  },
  picture(doc, words) {
    return nodes(doc, node => node.type.name === 'image' && node.attrs.src === words && !node.attrs.alt && node.attrs['aria-hidden'] !== 'true')
  },
  sentence(doc, words) {
    return nodes(doc, node => node.isTextblock).flatMap(({ node, from }) => {
      const at = plain(node.textBetween(0, node.content.size, ' ', ' ')).indexOf(words)
      return at < 0 ? [] : [{ from: from + 1 + at, to: from + 1 + at + words.length }]
    })
  },
}

function nodes(doc, wanted) {
  const found = []
  doc.descendants((node, at) => { if (wanted(node)) found.push({ node, from: at, to: at + node.nodeSize }) })
  return found
}

// Links may be several pieces of text, one of them bold; neighbours with the same address are one link.
function runs(doc) {
  const found = []
  doc.descendants((node, at) => {
    const link = node.isText && node.marks.find(mark => mark.type.name === 'link')
    if (!link) return
    const last = found.at(-1)
    if (last && last.to === at && last.href === link.attrs.href) Object.assign(last, { to: at + node.nodeSize, text: last.text + node.text })
    else found.push({ from: at, to: at + node.nodeSize, href: link.attrs.href, text: node.text })
  })
  return found
}

const placesOf = (doc, { flaw, words }) => PLACES[Object.keys(PLACES).find(kind => flaw.includes(kind))]?.(doc, words) ?? []

function decorated(doc, flaws) {
  const found = flaws.flatMap(flaw => placesOf(doc, flaw).map(({ node, from, to }) =>
    node ? Decoration.node(from, to, { class: 'flag' }) : Decoration.inline(from, to, { class: 'flag' })))
  return DecorationSet.create(doc, found)
}

export const Marks = Extension.create({
  name: 'marks',
  addCommands: () => ({
    setFlaws: flaws => ({ tr, dispatch }) => { dispatch?.(tr.setMeta(key, flaws).setMeta('addToHistory', false)); return true },
    showFlaw: flaw => ({ tr, dispatch }) => {
      const [place] = placesOf(tr.doc, flaw)
      if (!place) return false
      const inside = place.node?.isTextblock ? 1 : 0
      dispatch?.(tr.setSelection(TextSelection.create(tr.doc, place.from + inside, place.to - inside)).scrollIntoView())
      return true
    },
  }),
  addProseMirrorPlugins: () => [new Plugin({
    key,
    state: {
      init: () => DecorationSet.empty,
      apply: (transaction, known) => {
        const flaws = transaction.getMeta(key)
        return flaws ? decorated(transaction.doc, flaws) : known.map(transaction.mapping, transaction.doc)
      },
    },
    props: { decorations: state => key.getState(state) },
  })],
})
