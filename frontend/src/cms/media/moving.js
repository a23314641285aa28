// Files are dragged into a folder: what is held goes along with everything that is chosen, or alone when it is not.
import { all, one, whenever } from '../dom.js'

const MOVED = 'application/x-files-of-the-library'

whenever('#moving', form => {
  const place = one('[data-shelf-place]')
  const folder = event => event.dataTransfer.types.includes(MOVED) && event.target.closest('.folders a')
  place.addEventListener('dragstart', event => {
    const held = one('.tile__box', event.target.closest('.tile') ?? document.createElement('p'))
    if (!held) return
    if (!held.checked) for (const box of all('.tile__box', place)) box.checked = box === held
    event.dataTransfer.setData(MOVED, '')
    event.dataTransfer.effectAllowed = 'move'
  })
  place.addEventListener('dragover', event => {
    if (!folder(event)) return
    event.preventDefault()
    folder(event).classList.add('is-over')
  })
  place.addEventListener('dragleave', event => event.target.closest('.is-over')?.classList.remove('is-over'))
  place.addEventListener('drop', event => {
    const target = folder(event)
    if (!target) return
    event.preventDefault()
    one('#to').value = new URL(target.href).searchParams.get('folder') ?? ''
    form.requestSubmit()
  })
})
