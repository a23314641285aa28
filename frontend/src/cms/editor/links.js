// Typing over the words of a link gives it other words; it stays a link until the caret leaves them. Left to themselves
// browsers take the link away with its last letter, and the line break they put there instead stays in the text.
import { Extension } from '@tiptap/core'
import { Plugin, PluginKey, TextSelection } from '@tiptap/pm/state'

const key = new PluginKey('linkWords')

export const LinkWords = Extension.create({
  name: 'linkWords',
  addProseMirrorPlugins: () => [new Plugin({
    key,
    state: {
      init: () => null,
      apply: (transaction, known) => transaction.getMeta(key) ?? (transaction.selectionSet || transaction.docChanged ? null : known),
    },
    props: { handleDOMEvents: { beforeinput: write } },
  })],
})

function write(view, event) {
  if (event.inputType !== 'insertText' || !event.data || event.isComposing) return false
  const { state } = view
  const { from, to, empty } = state.selection
  const going = key.getState(state)
  const marks = empty ? going?.at === from && going.marks : marksOf(state.doc, from, to)
  if (!marks) return false
  event.preventDefault()
  const at = from + event.data.length
  const { tr } = state
  tr.replaceWith(from, to, state.schema.text(event.data, marks)).setSelection(TextSelection.create(tr.doc, at))
  view.dispatch(tr.setMeta(key, { at, marks }).scrollIntoView())
  return true
}

// Those of a link that everything between two positions belongs to.
function marksOf(doc, from, to) {
  const start = doc.resolve(from)
  const marks = start.nodeAfter?.marks ?? []
  const link = marks.find(mark => mark.type.name === 'link')
  if (!link || !start.sameParent(doc.resolve(to))) return null
  let inside = true
  doc.nodesBetween(from, to, node => { if (node.isInline && !link.isInSet(node.marks)) inside = false })
  return inside ? marks : null
}
