// What was typed, kept in this browser until the server has it: one draft per text and person.
const NAME = 'cityinfo-drafts'
const STORE = 'drafts'

const settled = request => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result)
  request.onerror = () => reject(request.error)
})

function open() {
  const request = indexedDB.open(NAME, 1)
  request.onupgradeneeded = () => request.result.createObjectStore(STORE)
  return settled(request)
}

async function inStore(mode, action) {
  const database = await open()
  try {
    const transaction = database.transaction(STORE, mode, { durability: 'strict' })
    const done = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve
      transaction.onerror = transaction.onabort = () => reject(transaction.error)
    })
    const result = await settled(action(transaction.objectStore(STORE)))
    await done
    return result
  } finally {
    database.close()
  }
}

// Resolves once the browser has written it to its disk.
export const keep = (key, draft) => inStore('readwrite', store => store.put({ ...draft, at: Date.now() }, key))
export const kept = key => inStore('readonly', store => store.get(key))
export const forget = key => inStore('readwrite', store => store.delete(key))
