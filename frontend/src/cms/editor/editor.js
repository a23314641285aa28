import { Editor } from '@tiptap/core'
import StarterKit from '@tiptap/starter-kit'
import Image from '@tiptap/extension-image'
import { TableKit } from '@tiptap/extension-table'
import OfficePaste from '@intevation/tiptap-extension-office-paste'
console.log(Editor, StarterKit, Image, TableKit, OfficePaste)
