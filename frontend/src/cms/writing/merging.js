// Counts what has been decided while two versions are merged.
import { all, one, whenever } from '../dom.js'

whenever('#merge', form => form.addEventListener('change', () => {
  const places = all('fieldset.choice', form)
  const decided = places.filter(place => one(':checked', place)).length
  const place = one('#decided')
  place.textContent = place.dataset.of.replace('{n}', decided).replace('{all}', places.length)
}))
