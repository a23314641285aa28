// What the server says about the words it has got: beside the text, in the line below it, and at the place itself.
import { all, one } from '../dom.js'

export class Advice {
  constructor(editor) {
    this.editor = editor
    one('#advice')?.addEventListener('click', event => this.#lead(event.target.closest('[data-show]')))
    this.#mark()
  }

  // `advice` and `standing` are parts of the screen, written by the server as the screen itself was.
  renew(answer) {
    for (const name of ['advice', 'standing']) {
      const place = one(`[data-part=${name}]`)
      if (answer?.[name] !== undefined && place) place.innerHTML = answer[name]
    }
    this.#mark()
  }

  #mark() {
    const list = one('[data-advice]')
    if (!list || !this.editor) return
    const count = one('#advice [data-count]')
    count.textContent = list.dataset.advice
    count.hidden = list.dataset.advice === '0'
    for (const button of all('[data-show]', list)) button.hidden = false
    this.editor.commands.setFlaws(all('[data-flaw]', list).map(({ dataset: { flaw, words } }) => ({ flaw, words })))
  }

  #lead(button) {
    if (!button) return
    const { flaw, words } = button.closest('[data-flaw]').dataset
    this.editor.chain().showFlaw({ flaw, words }).focus().run()
  }
}
