// The editing screen: the field with HTML becomes an editor, what is typed is kept, the line below says where it is.
// Loaded on this screen alone. Without it the plain form works.
import { Editor } from '@tiptap/core'
import OfficePaste from '@intevation/tiptap-extension-office-paste'
import { one } from '../dom.js'
import { Desk } from '../writing/desk.js'
import { Dialogs } from './dialogs.js'
import { Direction } from './direction.js'
import { LinkWords } from './links.js'
import { Marks } from './marks.js'
import { CleanPaste } from './paste.js'
import { extensions, wordsOf, written } from './schema.js'
import { shownIn } from './shown.js'
import { Tools, shortcuts } from './tools.js'

const form = one('#writing')
const field = form && one('#body', form)
let dialogs
function start() {
  const words = { title: one('#title'), body: field, read: () => field.value }
  const desk = new Desk(form, words)
  const editor = begin(desk, words)
  if (!editor) field.addEventListener('input', () => desk.typed())
  words.title.addEventListener('input', () => desk.typed())
  desk.begin(editor)
  performance.mark('ready')
  document.documentElement.dataset.ready = 'true'
}

// Returns null when the editor could not hold the text without losing words: it stays as HTML then, and says so.
function begin(desk, words) {
  const place = document.createElement('div')
  field.before(place)
  const editor = new Editor({
    element: place,
    content: field.value,
    extensions: [...extensions(shownIn(form.dataset)), OfficePaste, CleanPaste, Direction, LinkWords, Marks, shortcuts({ desk })],
    injectCSS: false, // our policy for contents allows no styles but those of our own files
    parseOptions: { preserveWhitespace: false },
    editorProps: {
      handleDrop: (_, event) => taken(event, event.dataTransfer),
      handlePaste: (_, event) => taken(event, event.clipboardData),
      attributes: { class: 'prose', id: 'text', role: 'textbox', 'aria-multiline': 'true', 'aria-label': form.dataset.label, lang: field.lang },
    },
  })
  if (wordsOf(written(editor.getHTML())) !== wordsOf(field.value)) {
    editor.destroy()
    place.remove()
    one('#kept-as-html').hidden = false
    return null
  }
  field.hidden = true
  one('label[for=body]', form).hidden = true
  let changed = false
  words.read = () => (changed ? written(editor.getHTML()) : field.value)
  words.replace = content => editor.commands.setContent(content, { emitUpdate: true })
  editor.on('update', ({ transaction }) => {
    if (!transaction.docChanged) return
    changed = true
    desk.typed()
  })
  dialogs = new Dialogs(editor, form.dataset)
  const tools = new Tools(dialogs, editor)
  editor.storage.shortcuts.dialogs = dialogs
  editor.storage.shortcuts.tools = tools
  return editor
}

// A picture from someone's disk; words that come with it count more.
function taken(event, data) {
  const file = [...data?.files ?? []].find(one => one.type.startsWith('image/'))
  if (!file || data.getData('text/html') || data.getData('text/plain')) return false
  event.preventDefault()
  dialogs.take(file)
  return true
}

if (field) start()
