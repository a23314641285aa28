// The point of a place on a map: a pin that a mouse drags and arrow keys move, in step with its two fields.
import { control, divIcon, map as makeMap, marker as makeMarker, tileLayer } from 'leaflet/dist/leaflet-src.esm.js'
import { one, say, whenever } from '../dom.js'

const NEAR = 16
const FAR = 13
const STEP = 4 // pixels
const LEAP = 40 // with the shift key
const MOVES = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }
const PIN = divIcon({
  className: 'pin',
  html: '<svg viewBox="0 0 32 40" aria-hidden="true"><path d="M16 38C6 24 3 20 3 14.500a13 13 0 0 1 26 0C29 20 26 24 16 38z"/><circle cx="16" cy="14.500" r="4.500"/></svg>',
  iconSize: [32, 40],
  iconAnchor: [16, 38],
})

class PlaceMap {
  constructor(box) {
    this.words = box.dataset
    this.around = box.closest('[data-map-around]')
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches
    const calm = { zoomAnimation: !still, fadeAnimation: false, markerZoomAnimation: !still }
    this.map = makeMap(box, { ...calm, zoomControl: false, attributionControl: false, keyboardPanDelta: 80 })
    control.zoom({ zoomInTitle: this.words.closer, zoomOutTitle: this.words.farther }).addTo(this.map)
    control.attribution({ prefix: false }).addTo(this.map)
    this.map.setView([Number(this.words.latitude) || 51, Number(this.words.longitude) || 10], FAR)
    this.#addTiles()
    this.map.on('click', event => this.#put(event.latlng, true))
    one('[data-map-put]', this.around).addEventListener('click', () => {
      this.#put(this.map.getCenter(), true)
      this.pin.getElement().focus()
    })
    document.addEventListener('change', event => { if (event.target.matches('#latitude, #longitude')) this.read() })
  }

  // The fields come first: whatever they say is shown.
  read() {
    const [latitude, longitude] = ['#latitude', '#longitude'].map(name => one(name).value.trim().replace(',', '.'))
    const point = { lat: Number(latitude), lng: Number(longitude) }
    const known = latitude && longitude && Math.abs(point.lat) <= 90 && Math.abs(point.lng) <= 180
    if (!known) return
    this.#put(point, false)
    this.map.setView(point, Math.max(this.map.getZoom(), NEAR), { animate: false })
  }

  #addTiles() {
    const away = one('[data-map-away]', this.around)
    const tiles = tileLayer(this.words.tiles, {
      attribution: this.words.credit, maxZoom: 19, referrerPolicy: 'strict-origin-when-cross-origin',
    })
    tiles.on('tileerror', () => { away.hidden = false })
    tiles.on('tileload', () => { away.hidden = true })
    tiles.addTo(this.map)
  }

  #put(point, write) {
    if (!this.pin) this.#addPin(point)
    this.pin.setLatLng(point)
    if (write) this.#write()
  }

  #addPin(point) {
    this.pin = makeMarker(point, { icon: PIN, draggable: true, keyboard: true, autoPan: true }).addTo(this.map)
    const element = this.pin.getElement()
    element.setAttribute('aria-label', this.words.pin)
    element.addEventListener('keydown', event => this.#move(event))
    this.pin.on('dragend', () => this.#write())
    one('[data-map-put]', this.around).hidden = true
  }

  #move(event) {
    const direction = MOVES[event.key]
    if (!direction) return
    event.preventDefault()
    event.stopPropagation()
    const step = event.shiftKey ? LEAP : STEP
    const at = this.map.latLngToContainerPoint(this.pin.getLatLng())
    this.#put(this.map.containerPointToLatLng(at.add(direction.map(one => one * step))), true)
    this.map.panInside(this.pin.getLatLng(), { padding: [40, 40], animate: false })
  }

  #write() {
    const { lat, lng } = this.pin.getLatLng().wrap()
    const [latitude, longitude] = [lat, lng].map(number => String(Number(number.toFixed(6))))
    one('#latitude').value = latitude
    one('#longitude').value = longitude
    say(`${latitude}, ${longitude}`)
  }
}

whenever('[data-map]', box => {
  const shown = new PlaceMap(box)
  whenever('#latitude', () => shown.read())
})
