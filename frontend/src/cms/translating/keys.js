// Keys inside a passage; those that lead on to another one belong to the screen.
import { Extension } from '@tiptap/core'

export const passageKeys = passage =>
  Extension.create({
    name: 'passageKeys',
    addKeyboardShortcuts() {
      const open = name => () => { passage.dialog(name, this.editor); return true }
      return {
        'Mod-k': open('link'),
        'Mod-s': () => { passage.save(); return true },
        'Mod-Enter': () => true, // no line break: the screen goes on
        'Alt-ArrowDown': () => true,
        'Alt-ArrowUp': () => true,
      }
    },
  })
