// A toolbar is one stop of the Tab key; arrows go on inside it.
import { all, whenever } from './dom.js'

whenever('[role=toolbar]', bar => {
  const stops = () => all('.tool', bar) // what a menu of the bar offers is no stop of its own
  const tools = () => stops().filter(tool => !tool.disabled && tool.offsetParent)
  const focus = tool => {
    for (const other of stops()) other.tabIndex = -1
    tool.tabIndex = 0
    tool.focus()
  }
  stops().forEach((tool, index) => { tool.tabIndex = index ? -1 : 0 })
  bar.addEventListener('keydown', event => {
    const found = tools()
    const at = found.indexOf(document.activeElement)
    const go = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: found.length - 1 }[event.key]
    if (at < 0 || go === undefined) return
    event.preventDefault()
    focus(found[(go + found.length) % found.length])
  })
})
