// Every block reads in the direction of its own first letters, without a word about it in the text that is kept.
import { Extension } from '@tiptap/core'
import { Plugin, PluginKey } from '@tiptap/pm/state'
import { Decoration, DecorationSet } from '@tiptap/pm/view'

const key = new PluginKey('direction')

function directions(doc) {
  const found = []
  doc.descendants((node, at) => {
    if (node.isBlock && !node.isAtom && !node.attrs.dir) found.push(Decoration.node(at, at + node.nodeSize, { dir: 'auto' }))
  })
  return DecorationSet.create(doc, found)
}

export const Direction = Extension.create({
  name: 'direction',
  addProseMirrorPlugins: () => [new Plugin({
    key,
    state: {
      init: (_, { doc }) => directions(doc),
      apply: (transaction, known) => (transaction.docChanged ? directions(transaction.doc) : known),
    },
    props: { decorations: state => key.getState(state) },
  })],
})
