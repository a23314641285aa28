// What editors see of files and contacts, which stand in a text by their identity.
import { all } from '../dom.js'

export const shownIn = ({ files, cards, language, missing }) => ({
  shownMedia: source => source?.replace(/^media:(\d+)$/, `${files}/$1`).replace(/^icon:([a-z]+)$/, '/media/icons/$1.svg') ?? '',
  shownContact: async ({ entry, show }) => {
    const answer = await fetch(`${cards}/${entry}?${new URLSearchParams({ language, show: show ?? '' })}`).catch(() => null)
    const card = answer?.ok ? await answer.json() : { html: '', title: '' }
    const template = document.createElement('template')
    template.innerHTML = card.html
    for (const link of all('a', template.content)) link.tabIndex = -1
    for (const heading of all('h2, h3, h4', template.content)) { // no heading of this text
      heading.replaceWith(Object.assign(document.createElement('strong'), { textContent: heading.textContent }))
    }
    if (!card.html) template.content.append(card.title || missing)
    return template.content
  },
})
