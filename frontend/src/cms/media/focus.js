// What must stay visible of a picture: a click on it sets the two numbers, the numbers move the point, cuts show what it comes to.
import { all, one, whenever } from '../dom.js'

whenever('[data-focal]', place => {
  const [across, down] = ['#focal_x', '#focal_y'].map(name => one(name))
  if (!across) return
  const point = one('.focal__point', place)
  const show = () => {
    const [x, y] = [across, down].map(field => Math.min(100, Math.max(0, Number(field.value) || 0)))
    Object.assign(point.style, { left: `${x}%`, top: `${y}%` })
    for (const cut of all('[data-cut]')) cut.style.objectPosition = `${x}% ${y}%`
  }
  point.hidden = false
  for (const field of [across, down]) field.addEventListener('input', show)
  one('img', place).addEventListener('click', event => {
    const { left, top, width, height } = event.target.getBoundingClientRect()
    across.value = Math.round(((event.clientX - left) / width) * 100)
    down.value = Math.round(((event.clientY - top) / height) * 100)
    show()
  })
  show()
})
